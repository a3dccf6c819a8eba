import IngestCore
import IngestEmbedding
import IngestIndex
import IngestSteps
import IngestStore

/// A mistake put into a world on purpose, to see an oracle find it.
package enum PlantedBug: String, CaseIterable, Sendable {
  case droppedFence = "dropped-fence"

  /// What is wrong, in one sentence.
  package var sentence: String {
    switch self {
    case .droppedFence: "A write under a lease does not look at its fence."
    }
  }
}

/// A bug in place in one world.
///
/// `@unchecked`: confined to the kernel's thread.
final class Plant: @unchecked Sendable {
  let bug: PlantedBug
  /// How many statements were changed, or calls led astray.
  private(set) var hits = 0

  init(_ bug: PlantedBug) { self.bug = bug }

  /// Statements in which a part is replaced: all white space counts as one blank.
  private var replacements: [(part: String, by: String)] {
    switch bug {
    case .droppedFence: [("AND fence = ? AND state = 'running'", "AND ? > 0 AND state = 'running'")]
    }
  }

  func rewrite(_ text: String) -> String {
    var text = text
    for (part, replacement) in replacements where text.contains(part) {
      text = text.split(separator: part, omittingEmptySubsequences: false).joined(separator: replacement)
      hits += 1
    }
    return text
  }

  func gate(_ store: Store, clock: VirtualClock) -> (any DependencyGate)? { nil }
  func cache(_ store: Store) -> (any EmbeddingCache)? { nil }
  func backend(_ index: any IndexBackend) -> (any IndexBackend)? { nil }
  func steps(_ services: StepServices) -> [any Step] { [] }
  var dropsWakes: Bool { false }
}
