package import IngestCore
private import Synchronization

/// A cache that finds the back end of a generation by the generation's name. A spec never changes, so each is read from
/// the catalogue once.
package final class GenerationBackends: Sendable {
  private let registry: BackendRegistry
  private let generations: any GenerationStore
  private let specs = Mutex<[GenerationName: GenerationSpec]>([:])

  package init(_ registry: BackendRegistry, generations: any GenerationStore) {
    self.registry = registry
    self.generations = generations
  }

  package func spec(of name: GenerationName) async throws -> GenerationSpec {
    if let known = specs.withLock({ $0[name] }) { return known }
    let spec = try await generations.generation(name.index, name.number).spec
    specs.withLock { $0[name] = spec }
    return spec
  }

  /// - Throws: `GENERATION_NOT_FOUND`; ``IndexError/unknownBackend(_:known:)``.
  package func backend(of name: GenerationName) async throws -> any IndexBackend {
    try registry.backend(for: try await spec(of: name))
  }
}
