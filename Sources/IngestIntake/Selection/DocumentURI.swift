internal import Glibc

/// The uris that a person's name for a document can mean, for commands that find documents and not files.
package enum DocumentURI {
  /// Returns the uris that `text` can mean, likeliest first: the text itself, then the uri that `submit` makes of it as a path.
  /// If the file is gone, the links of its folder are resolved; if the folder is gone too, the path is only made absolute.
  package static func candidates(_ text: String, root: String? = nil) -> [String] {
    var candidates = [text]
    guard !text.contains("://"), let absolute = absolute(FilePath(text))?.text else { return candidates }
    if let root, let base = FilePath(root).resolved()?.text, absolute.hasPrefix(base + "/") {
      candidates.append(String(absolute.dropFirst(base.count + 1)))
    }
    if absolute != text { candidates.append(absolute) }
    return candidates
  }

  private static func absolute(_ path: FilePath) -> FilePath? {
    if let resolved = path.resolved() { return resolved }
    let folder = path.bytes.dropLast(path.name.count)
    let parent = folder.isEmpty ? FilePath(".") : FilePath(Array(folder))
    if let resolved = parent.resolved() { return resolved.appending(path.name) }
    if path.bytes.first == FilePath.slash { return path }
    return FilePath(".").resolved()?.appending(path.bytes)
  }
}
