import IngestTestKit

/// The requests of one actor and their acknowledgements, for documents that no other actor touches. The ledger is kept
/// outside the system, to be compared with it at the end.
struct Ledger {
  struct Version: Hashable {
    /// Nil is a delete. No other version of any document contains the word.
    var word: String?
  }

  struct Entry {
    /// A word in every version of this document and in no other document.
    var mark: String
    var source: String
    /// The last acknowledged version; nil before the first.
    var acknowledged: (revision: Int, version: Version)?
    /// Later requests of programs that were killed: each may have taken place or not.
    var unknown: [Version] = []
    /// The words of all versions ever requested.
    var words: [String] = []
    /// Whether live has held a version of it, with no delete requested since. From then on the document must always be
    /// found.
    var wasHeld = false
  }

  /// By uri.
  private(set) var entries: [String: Entry] = [:]

  mutating func ask(_ uri: String, mark: String, source: String, word: String) {
    entries[uri, default: Entry(mark: mark, source: source)].words.append(word)
  }

  /// - Returns: what is wrong with the acknowledged revision, if anything.
  mutating func acknowledge(_ uri: String, revision: Int, word: String?) -> String? {
    guard var entry = entries[uri] else { return "\(uri) was acknowledged and never asked for" }
    let lowest = (entry.acknowledged?.revision ?? 0) + 1
    let highest = lowest + entry.unknown.count
    entry.acknowledged = (revision, Version(word: word))
    entry.unknown = []
    entries[uri] = entry
    guard !(lowest...highest).contains(revision) else { return nil }
    return "\(uri) took revision \(revision) instead of \(lowest)...\(highest)"
  }

  /// Records a request whose program was killed.
  mutating func leaveUnknown(_ uri: String, word: String?) { entries[uri]?.unknown.append(Version(word: word)) }

  mutating func noteHeld(_ uri: String) { entries[uri]?.wasHeld = true }

  mutating func merge(_ other: Ledger) { entries.merge(other.entries) { first, _ in first } }

  /// Returns whether the document's content must be found.
  func isThere(_ uri: String) -> Bool {
    guard let entry = entries[uri], entry.acknowledged?.version.word != nil else { return false }
    return entry.unknown.allSatisfy { $0.word != nil }
  }
}
