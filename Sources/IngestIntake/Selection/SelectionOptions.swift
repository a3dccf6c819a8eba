/// The options with which `submit` selects files.
package struct SelectionOptions: Sendable {
  /// The folder that uris are relative to; nil makes uris absolute paths.
  package var root: String?
  /// The uri of the one document.
  package var uri: String?
  /// Patterns of which a file in a folder or glob must match one; empty means all files.
  package var include: [GlobPattern]
  package var exclude: [GlobPattern]

  package init(root: String? = nil, uri: String? = nil, include: [String] = [], exclude: [String] = []) {
    self.root = root
    self.uri = uri
    self.include = include.map { GlobPattern($0) }
    self.exclude = exclude.map { GlobPattern($0) }
  }
}
