import FoundationEssentials
import Glibc

/// A folder for one test. It is deleted with everything in it when the object is released.
///
/// Swift may release an object after its last use. So keep the folder itself where it is used, not only its path, or
/// use ``with(_:)``, which keeps it until its closure returns.
package final class TemporaryFolder: Sendable {
  /// The absolute path with links resolved, without a slash at the end.
  package let path: String

  /// Makes the folder.
  /// - Parameter folder: parent of the new folder if it is writable; otherwise the system's temporary folder is used.
  /// - Throws: `POSIXError` if the folder cannot be made.
  package init(_ name: String = "ingestd", beneath folder: String? = nil) throws {
    let system = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let base = folder.flatMap { access($0, W_OK | X_OK) == 0 ? $0 : nil } ?? system
    var template = Array("\(base)/\(name).XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    guard let resolved = realpath(template, nil) else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    defer { free(resolved) }
    path = String(cString: resolved)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Returns the path of `name` inside the folder and creates nothing.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file inside the folder, and creates missing parent folders.
  package func write(_ text: String, to name: String) throws {
    let path = file(name)
    let parent = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  /// Runs `body` with a folder that lives until it returns.
  package static func with<T>(_ body: (TemporaryFolder) async throws -> T) async throws -> T {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    return try await body(folder)
  }

  /// Like the other `with`, for a test that awaits nothing.
  package static func with<T>(_ body: (TemporaryFolder) throws -> T) throws -> T {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    return try body(folder)
  }
}
