import IngestCore
private import Synchronization

/// Definitions by content hash, so that a worker reads and decodes each but once.
final class DefinitionCache: Sendable {
  /// Far more than a folder of workflows has versions in use.
  private static let limit = 64
  private let definitions = Mutex<[ContentHash: WorkflowDefinition]>([:])

  /// The definition of this hash, loaded where it is not known; nil where nobody knows it, which is not remembered.
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
