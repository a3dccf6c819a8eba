import IngestIndex
import IngestTestKit

/// A reader who never stops: whatever happens to workers and generations, no query fails, a document that was found once is
/// found until somebody deletes it, in one version, and never in an older one than before.
struct ReaderActor {
  private let probe: SearchProbe
  private(set) var findings: [String] = []
  private(set) var queries = 0
  /// The revision that each mark was last found in.
  private var seen: [String: Int] = [:]

  init(_ probe: SearchProbe) { self.probe = probe }

  /// - Parameter canVanish: whether somebody may delete the document.
  mutating func look(for mark: String, canVanish: Bool) async {
    queries += 1
    let answer: SearchAnswer
    do {
      answer = try await probe.search(mark)
    } catch {
      return findings.append("the search for \(mark) failed: \(error)")
    }
    let revisions = Set(answer.hits.map(\.chunk.revision))
    guard let revision = revisions.first else {
      if seen[mark] != nil, !canVanish { findings.append("\(mark) vanished from generation \(answer.generation)") }
      return
    }
    if revisions.count > 1 { findings.append("\(mark) was found in revisions \(revisions.sorted())") }
    if let before = seen[mark], revision < before {
      findings.append("\(mark) went back from revision \(before) to \(revision) in generation \(answer.generation)")
    }
    seen[mark] = revision
  }
}
