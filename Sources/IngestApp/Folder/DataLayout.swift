internal import Glibc
package import IngestCore

/// Where everything lies in a data folder.
package struct DataLayout: Sendable, Hashable {
  /// Absolute, links resolved.
  package let folder: String

  package init(folder: String) { self.folder = folder }

  package var database: String { folder + "/ingestd.db" }
  /// Blobs too large for rows.
  package var blobs: String { folder + "/blobs" }
  /// One SQLite file and one file of vectors for each generation.
  package var indexes: String { folder + "/indexes" }
  /// A locked file for each worker that lives.
  package var workers: String { folder + "/workers" }
  /// Locked by the worker that does the upkeep of all.
  package var upkeep: String { folder + "/upkeep.lock" }
  /// Locked by the worker that settles what ended jobs had written.
  package var settlement: String { folder + "/settlement.lock" }
  /// Touched after each commit that made work due.
  package var wake: String { folder + "/wake" }
  package var configuration: String { folder + "/ingestd.yaml" }
  package var workflows: String { folder + "/workflows" }
}

extension DataLayout {
  /// Why the database must not be made anew: it is missing or empty beside indexes that only it could explain.
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
        hint: "Nothing was changed. Restore the database from a backup, or move the whole folder away to begin anew.")
    }
    return nil
  }
}
