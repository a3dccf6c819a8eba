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
  /// Touched after each commit that made work due.
  package var wake: String { folder + "/wake" }
  package var configuration: String { folder + "/ingestd.yaml" }
  package var workflows: String { folder + "/workflows" }
}
