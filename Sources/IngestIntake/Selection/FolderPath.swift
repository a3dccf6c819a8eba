internal import Glibc

/// Folder paths that mean the same in every process.
package enum FolderPath {
  /// Returns the absolute path. Links are resolved if the folder exists.
  package static func absolute(_ path: String) -> String {
    if let resolved = realpath(path, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    guard !path.hasPrefix("/"), let here = getcwd(nil, 0) else { return path }
    defer { free(here) }
    return "\(String(cString: here))/\(path)"
  }
}
