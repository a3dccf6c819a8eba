/// Where everything lies in a data folder.
struct DataLayout: Sendable, Hashable {
  /// Absolute, links resolved.
  let folder: String

  init(folder: String) { self.folder = folder }

  var database: String { folder + "/ingestd.db" }
  /// Blobs too large for rows.
  var blobs: String { folder + "/blobs" }
  /// One SQLite file and one file of vectors for each generation.
  var indexes: String { folder + "/indexes" }
  /// A locked file for each worker that lives.
  var workers: String { folder + "/workers" }
  /// Touched after each commit that made work due.
  var wake: String { folder + "/wake" }
  var configuration: String { folder + "/ingestd.yaml" }
  var workflows: String { folder + "/workflows" }
}
