/// What a `scan` job does: JSON, as the task of a job.
package struct ScanTask: Codable, Hashable, Sendable {
  /// The folder, absolute.
  package var path: String
  /// Whether documents whose file vanished are deleted.
  package var sync: Bool
  package var index: String
  package var source: String
  /// What the documents' own jobs run.
  package var workflow: String
  package var priority: Int
  /// Globs as `submit` takes them.
  package var include: [String]
  package var exclude: [String]
  /// Whether a folder without any document was emptied on purpose; otherwise its disk may not be mounted, and nothing is
  /// deleted.
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

  /// The workflow with the one step that does it.
  package static let workflow = "scan"
}
