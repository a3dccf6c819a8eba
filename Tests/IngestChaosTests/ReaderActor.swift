import IngestIndex
import IngestTestKit
import Synchronization

/// A reader that never stops. No query fails, even if workers die or generations change. A document that was found once
/// is found until it is deleted: in one version, never an older one than before, and in the chunks of one generation.
struct ReaderActor {
  /// The answer of a search, in this process or by the program.
  struct Answer: Decodable {
    struct Hit: Decodable {
      var uri: String
      /// `<document>-<revision>-<ordinal>`.
      var chunk: String

      var revision: Int { Int(chunk.split(separator: "-").dropFirst().first ?? "") ?? 0 }
    }

    var generation: Int
    var hits: [Hit]
  }

  private let shapes: Shapes?
  private(set) var findings: [String] = []
  private(set) var queries = 0
  /// The last revision in which each mark was found.
  private var seen: [String: Int] = [:]

  /// - Parameter shapes: the number of chunks of each document by generation, where all documents have the same length.
  init(shapes: Shapes? = nil) { self.shapes = shapes }

  /// - Parameter canVanish: whether the document may have been deleted.
  mutating func look(for mark: String, in probe: SearchProbe, canVanish: Bool) async {
    do {
      let answer = try await probe.search(mark)
      judge(
        Answer(
          generation: answer.generation,
          hits: answer.hits.map { .init(uri: $0.content.uri, chunk: $0.chunk.description) }), mark, canVanish: canVanish
      )
    } catch {
      queries += 1
      findings.append("the search for \(mark) failed: \(error)")
    }
  }

  /// Searches with the program itself.
  mutating func look(for mark: String, on site: ChaosSite, bug: InjectedBug? = nil) async throws {
    let run = try await site.run(["search", mark, "--mode", "keyword", "-k", "50", "--json"], bug: bug)
    guard run.status == 0, let answer = try? TestJSON.decode(Answer.self, run.output) else {
      queries += 1
      return findings.append("search \(mark) ended with \(run.status): \(run.output) \(run.error)")
    }
    judge(answer, mark, canVanish: false)
  }

  private mutating func judge(_ answer: Answer, _ mark: String, canVanish: Bool) {
    queries += 1
    let revisions = Set(answer.hits.map(\.revision))
    guard let revision = revisions.first else {
      if seen[mark] != nil, !canVanish { findings.append("\(mark) vanished from generation \(answer.generation)") }
      return
    }
    if revisions.count > 1 { findings.append("\(mark) was found in revisions \(revisions.sorted())") }
    if let before = seen[mark], revision < before {
      findings.append("\(mark) went back from revision \(before) to \(revision) in generation \(answer.generation)")
    }
    seen[mark] = revision
    if let expected = shapes?[answer.generation], expected != answer.hits.count {
      findings.append(
        "\(mark) has \(answer.hits.count) chunks in an answer of generation \(answer.generation), which cuts into \(expected)"
      )
    }
  }
}

/// The number of chunks of a document, by generation.
final class Shapes: Sendable {
  private let counts = Mutex<[Int: Int]>([:])

  subscript(generation: Int) -> Int? {
    get { counts.withLock { $0[generation] } }
    set { counts.withLock { $0[generation] = newValue } }
  }
}
