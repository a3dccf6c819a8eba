/// How `submit` chooses among what it is pointed at.
package struct SelectionOptions: Sendable {
  /// Uris are paths relative to it.
  package var root: String?
  /// The one document's uri.
  package var uri: String?
  /// In folders and globs, only what matches one of these; empty means all.
  package var include: [GlobPattern]
  package var exclude: [GlobPattern]
  /// Bytes; a larger file is refused.
  package var maximumSize: Int
  /// Whether some workflow reads a file that begins with these bytes; asked of files in folders and globs.
  package var reads: (@Sendable (_ head: [UInt8]) -> Bool)?
  /// How many bytes ``reads`` is shown.
  package var headLength: Int

  package init(
    root: String? = nil, uri: String? = nil, include: [String] = [], exclude: [String] = [], maximumSize: Int = .max,
    headLength: Int = 4096, reads: (@Sendable (_ head: [UInt8]) -> Bool)? = nil
  ) {
    self.root = root
    self.uri = uri
    self.include = include.map { GlobPattern($0) }
    self.exclude = exclude.map { GlobPattern($0) }
    self.maximumSize = maximumSize
    self.headLength = headLength
    self.reads = reads
  }
}
