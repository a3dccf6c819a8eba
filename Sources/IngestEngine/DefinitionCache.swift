import IngestCore
private import Synchronization

/// Workflow definitions by content hash. A worker reads and decodes each definition only once.
final class DefinitionCache: Sendable {
  /// Far more than the versions of workflows that are in use at one time.
  private static let limit = 64
  private let definitions = Mutex<[ContentHash: WorkflowDefinition]>([:])

  /// Returns the definition with this hash and loads it if it is not cached. Nil, which is not cached, if `load` finds
  /// none.
  func definition(
    _ version: ContentHash, load: (ContentHash) async throws -> WorkflowDefinition?
  ) async throws -> WorkflowDefinition? {
    if let known = definitions.withLock({ $0[version] }) { return known }
    guard let loaded = try await load(version) else { return nil }
    definitions.withLock { definitions in
      if definitions.count >= Self.limit { definitions = [:] }
      definitions[version] = loaded
    }
    return loaded
  }
}
