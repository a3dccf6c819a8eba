import Glibc
import IngestCore

/// A file that gets its name only when it is complete. It then replaces a file of that name.
final class NewFile {
  let path: String
  private let temporary: String
  private let descriptor: Int32
  private var isFinished = false

  /// - Throws: `OUTPUT_UNWRITABLE`.
  init(_ path: String) throws {
    self.path = path
    temporary = path + ".\(getpid()).part"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw Self.failure(path) }
  }

  deinit {
    close(descriptor)
    if !isFinished { unlink(temporary) }
  }

  func write(_ text: String) throws {
    var text = text
    let isWritten = text.withUTF8 { bytes -> Bool in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          return false
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
    if !isWritten { throw Self.failure(path) }
  }

  /// Syncs the file to disk, then gives it its name.
  func finish() throws {
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw Self.failure(path) }
    isFinished = true
  }

  private static func failure(_ path: String) -> Failure {
    Failure(
      .permanent, code: "OUTPUT_UNWRITABLE", "\(path) cannot be written: \(String(cString: strerror(errno))).",
      hint: "Name a file in a folder that you may write to and that has room.")
  }
}
