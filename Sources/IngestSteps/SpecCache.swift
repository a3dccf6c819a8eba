import IngestCore
import IngestIndex
private import Synchronization

/// Specs of generations by name.
final class SpecCache: Sendable {
  private let specs = Mutex<[GenerationName: GenerationSpec]>([:])

  subscript(_ name: GenerationName) -> GenerationSpec? {
    get { specs.withLock { $0[name] } }
    set { specs.withLock { $0[name] = newValue } }
  }
}
