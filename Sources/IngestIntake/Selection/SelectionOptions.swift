/// How `submit` chooses among what it is pointed at.
package struct SelectionOptions: Sendable {
  /// Uris are paths relative to it.
  package var root: String?
  /// The one document's uri.
  package var uri: String?
  /// In folders and globs, only what matches one of these; empty means all.
  package var include: [GlobPattern]
  package var exclude: [GlobPattern]

  package init(root: String? = nil, uri: String? = nil, include: [String] = [], exclude: [String] = []) {
    self.root = root
    self.uri = uri
    self.include = include.map { GlobPattern($0) }
    self.exclude = exclude.map { GlobPattern($0) }
  }
}
