/// The task of a `scan` job, stored as JSON.
package struct ScanTask: Codable, Hashable, Sendable {
  /// The folder, absolute.
  package var path: String
  /// Whether documents whose file vanished are deleted.
  package var sync: Bool
  package var index: String
  package var source: String
  /// The workflow of the documents' own jobs.
  package var workflow: String
  package var priority: Int
  /// Globs, in the syntax of `submit`.
  package var include: [String]
  package var exclude: [String]
  /// Whether a folder without any document was emptied on purpose. Otherwise its disk may not be mounted, and nothing
  /// is deleted.
  package var allowEmpty: Bool

  package init(
    path: String, sync: Bool = false, index: String = "docs", source: String = "default", workflow: String = "ingest",
    priority: Int = 0, include: [String] = [], exclude: [String] = [], allowEmpty: Bool = false
  ) {
    self.path = path
    self.sync = sync
    self.index = index
    self.source = source
    self.workflow = workflow
    self.priority = priority
    self.include = include
    self.exclude = exclude
    self.allowEmpty = allowEmpty
  }

  /// The name of the workflow whose only step does the scan.
  package static let workflow = "scan"
}
