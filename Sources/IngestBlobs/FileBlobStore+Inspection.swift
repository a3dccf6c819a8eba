package import IngestCore

/// What a look at some of the files found.
package struct BlobInspection: Hashable, Sendable {
  /// Files that were looked for.
  package var looked = 0
  /// Noted in the database, and not there or of another size.
  package var missing: [ContentHash] = []
  /// There, and not noted: what a crash left, or a foreign file. Harmless but for their room.
  package var orphans = 0

  package init() {}
}

extension FileBlobStore {
  /// Looks whether these files are in place, and whether the first `limit` files found are noted. Nothing is changed.
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
