package import IngestCore
import IngestOperations

extension Installation {
  /// As ``Operations/requireIndex(_:dryRun:)``.
  package func requireIndex(_ name: String, as actor: Actor) async throws {
    try await operations(as: actor).requireIndex(name)
  }

  /// As ``Operations/takeOverFlow()``.
  package func takeOverFlow(as actor: Actor) async throws { try await operations(as: actor).takeOverFlow() }

  /// As ``Operations/takeOverSchedules()``.
  package func takeOverSchedules(as actor: Actor) async throws { try await operations(as: actor).takeOverSchedules() }
}
