package import IngestCore

/// The result of a check of some of the files.
package struct BlobInspection: Hashable, Sendable {
  /// How many expected files were checked.
  package var looked = 0
  /// Files with a row in the database that do not exist or have another size.
  package var missing: [ContentHash] = []
  /// How many files exist without a row: remains of a crash, or foreign files. They are harmless but take up space.
  package var orphans = 0

  package init() {}
}

extension FileBlobStore {
  /// Checks whether the expected files exist, and whether the first `limit` files in the folder have rows. It changes
  /// nothing.
  package func inspect(_ expected: [(hash: ContentHash, size: Int)], limit: Int) async throws -> BlobInspection {
    var inspection = BlobInspection()
    for (hash, size) in expected {
      inspection.looked += 1
      if try await !inPlace(hash, size: size) { inspection.missing.append(hash) }
    }
    for hash in try await blocking({ store in try store.files() }).prefix(limit)
    where try await rows.blobRow(hash) == nil {
      inspection.orphans += 1
    }
    return inspection
  }
}
