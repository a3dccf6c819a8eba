package import IngestCore
package import IngestIndex
package import IngestSQL

/// What stands around the parts of an installation. The program itself puts nothing there; one that times its calls, or
/// dies between two of them on purpose, composes the same command line with its own.
package struct Interceptors: Sendable {
  package var queue: @Sendable (any QueueStore) -> any QueueStore = { $0 }
  package var submits: @Sendable (any SubmitStore) -> any SubmitStore = { $0 }
  package var jobs: @Sendable (any JobStore) -> any JobStore = { $0 }
  package var generations: @Sendable (any GenerationStore) -> any GenerationStore = { $0 }
  package var blobRows: @Sendable (any BlobRows) -> any BlobRows = { $0 }
  package var cache: @Sendable (any EmbeddingCache) -> any EmbeddingCache = { $0 }
  package var gate: @Sendable (any DependencyGate) -> any DependencyGate = { $0 }
  package var backend: @Sendable (any IndexBackend) -> any IndexBackend = { $0 }
  /// Of the data folder's database.
  package var faults = DatabaseFaults()

  package init() {}
}
