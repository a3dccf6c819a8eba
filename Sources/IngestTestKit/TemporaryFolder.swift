import FoundationEssentials
import Glibc

/// A folder of its own for one test, gone with everything in it when the object is released.
///
/// Swift may release an object after its last use: keep the folder itself in what uses it, not only its path, or take
/// ``with(_:)``, which keeps it to the end of its closure.
package final class TemporaryFolder: Sendable {
  /// Absolute, links resolved, without a slash at the end.
  package let path: String

  /// - Parameter folder: made in it where it is there, else in the system's temporary folder.
  /// - Throws: `POSIXError` when that cannot be written.
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

  /// The path of `name` inside the folder; nothing is made.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file inside it, and the folders on the way.
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

  /// The same, for a test that awaits nothing.
  package static func with<T>(_ body: (TemporaryFolder) throws -> T) throws -> T {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    return try body(folder)
  }
}
