internal import Glibc

/// How a person's word for a document becomes its uri, for commands that find documents rather than files.
package enum DocumentURI {
  /// What `text` may mean, likeliest first: the uri itself, then the path as `submit` would have made it one. The file
  /// may be gone: then its folder's links are resolved, and failing that the path is only made absolute.
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
