import IngestCore

/// The promises that were made, each with the number of disk operations before it. It is kept outside the machine.
struct Ledger: Sendable {
  enum Promise: Sendable {
    /// The document is wanted at this revision with this text; nil for a delete.
    case accepted(uri: String, revision: Int, text: String?)
    case live(Int)
    case step(StepName)
  }

  private(set) var entries: [(at: Int, promise: Promise)] = []

  mutating func note(_ promise: Promise, at: Int) { entries.append((at, promise)) }

  /// Returns the promises made by then, as the start of a later run.
  func before(_ count: Int) -> Ledger {
    var ledger = Ledger()
    for entry in entries where entry.at <= count { ledger.note(entry.promise, at: 0) }
    return ledger
  }

  /// Returns the promises made after `count` operations.
  func view(at count: Int) -> View {
    var view = View()
    for (position, entry) in entries.enumerated() {
      if entry.at <= count {
        view.promises = position + 1
        switch entry.promise {
        case .accepted(let uri, let revision, let text): view.documents[uri] = (revision, text)
        case .live(let number): view.live = [number]
        case .step(let name): view.steps.insert(name)
        }
      } else if case .live(let number) = entry.promise {
        // The next swap may already have been under way.
        if !view.live.isEmpty { view.live.insert(number) }
        break
      }
    }
    return view
  }

  struct View: Sendable {
    var promises = 0
    var documents: [String: (revision: Int, text: String?)] = [:]
    /// Generations that may be live; empty while none has to be live.
    var live: Set<Int> = []
    var steps: Set<StepName> = []
  }
}
