internal import Glibc
package import IngestCore

/// The paths of everything in a data folder.
package struct DataLayout: Sendable, Hashable {
  /// Absolute, links resolved.
  package let folder: String

  package var database: String { folder + "/ingestd.db" }
  /// Blobs too large for rows.
  package var blobs: String { folder + "/blobs" }
  /// One SQLite file and one file of vectors for each generation.
  package var indexes: String { folder + "/indexes" }
  /// A locked file for each live worker.
  package var workers: String { folder + "/workers" }
  /// Locked by the worker that does the upkeep of the data folder.
  package var upkeep: String { folder + "/upkeep.lock" }
  /// Locked by the worker that checks the index writes of ended jobs.
  package var settlement: String { folder + "/settlement.lock" }
  /// Touched after each commit that made a job due.
  package var wake: String { folder + "/wake" }
  package var configuration: String { folder + "/ingestd.yaml" }
  package var workflows: String { folder + "/workflows" }
}

extension DataLayout {
  /// Returns the failure if the database must not be created again: it is missing or empty, but there are indexes that only
  /// that database describes.
  package var lostDatabase: Failure? {
    var status = stat()
    if stat(database, &status) == 0, status.st_size > 0 { return nil }
    if stat(database + "-wal", &status) == 0, status.st_size > 0 { return nil }
    guard let listing = opendir(indexes) else { return nil }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasSuffix(".db") else { continue }
      return Failure(
        .permanent, code: "DATABASE_LOST",
        "The database \(database) is missing or empty, but \(indexes) has indexes that were made with it.",
        hint: "Nothing was changed. Restore the database from a backup, or move the whole folder away to start again.")
    }
    return nil
  }
}
