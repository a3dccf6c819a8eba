/// A file to submit.
package struct SelectedFile: Hashable, Sendable {
  /// The path to open.
  package var path: FilePath
  /// The document's uri within index and source.
  package var uri: String
  /// In bytes, when the file was examined.
  package var size: Int
  /// Whether the file was named by itself and not found in a folder or by a glob. Then a type that no workflow reads is
  /// refused and not skipped.
  package var isNamed: Bool
}

/// One item that a selection finds.
package enum SelectionItem: Sendable {
  case file(SelectedFile)
  /// `-`, with the given uri.
  case standardInput(uri: String)
  case skipped(FilePath, SkipReason)
  case refused(FilePath, SelectionError)
}

/// The reason why a file in a folder or glob is skipped.
package enum SkipReason: String, Hashable, Sendable, CaseIterable {
  case hidden
  /// No workflow reads its type.
  case type
  case excluded
  /// A device, pipe or socket.
  case special
  /// A link to a folder that was already walked.
  case loop
}
