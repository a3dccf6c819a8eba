/// A file to submit.
package struct SelectedFile: Hashable, Sendable {
  /// Where it can be opened.
  package var path: FilePath
  /// The document's identity within index and source.
  package var uri: String
  /// Bytes, when it was looked at.
  package var size: Int
  /// Named by itself rather than found in a folder or by a glob: then a type that no workflow reads is refused, not
  /// skipped.
  package var isNamed: Bool

  package init(path: FilePath, uri: String, size: Int, isNamed: Bool) {
    self.path = path
    self.uri = uri
    self.size = size
    self.isNamed = isNamed
  }
}

/// What a selection comes across.
package enum SelectionItem: Sendable {
  case file(SelectedFile)
  /// `-`, with the uri that was given.
  case standardInput(uri: String)
  case skipped(FilePath, SkipReason)
  case refused(FilePath, SelectionError)
}

/// Why a file in a folder or glob is passed over.
package enum SkipReason: String, Hashable, Sendable, CaseIterable {
  case hidden
  /// No workflow reads its type.
  case type
  case excluded
  /// A device, pipe or socket.
  case special
  /// A link to a folder that was walked already.
  case loop
}
