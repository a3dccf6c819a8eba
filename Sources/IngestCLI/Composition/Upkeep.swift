import IngestBlobs
import IngestCore
import IngestEngine
import IngestIndex
import IngestIndexSQLite
import IngestStore

/// Removes blobs that nothing needs any more.
struct BlobUpkeep: Maintenance {
  let blobs: FileBlobStore
  let grace: Duration

  func run() async throws { _ = try await blobs.collect(grace: grace) }
}

/// Gives back the room of vectors that were removed, in bounded pieces.
struct IndexUpkeep: Maintenance {
  let store: Store
  let backend: SQLiteIndex

  func run() async throws {
    for index in try await store.indexNames() {
      for generation in try await store.list(index) where generation.isOpen {
        do {
          while try await backend.maintain(GenerationName(generation)) { try Task.checkCancellation() }
        } catch IndexError.generationMissing {
          // It is being made, or was deleted meanwhile.
          continue
        }
      }
    }
  }
}
