import FoundationEssentials
import Glibc

/// The files of a disk.
struct DiskImage: Sendable {
  var folders: [String]
  var files: [String: [UInt8]] = [:]

  init(folders: [String] = []) { self.folders = folders }

  /// Reads a folder that no process uses.
  init(folder root: String) throws {
    folders = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: root).sorted() where !name.hasSuffix("-shm") {
      var isFolder = false
      _ = FileManager.default.fileExists(atPath: "\(root)/\(name)", isDirectory: &isFolder)
      if isFolder { folders.append(name) } else { files[name] = try Self.read("\(root)/\(name)") }
    }
  }

  /// Writes the files into an empty folder.
  func write(to root: String) throws {
    for folder in folders where mkdir("\(root)/\(folder)", 0o755) != 0 {
      throw POSIXError(.init(rawValue: errno) ?? .EIO)
    }
    for (path, bytes) in files { try Self.write(bytes, to: "\(root)/\(path)") }
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done)
      }
      guard count > 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
      done += count
    }
  }

  static func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, Int(status.st_size), 0))
    }
  }

  /// Returns a hash of the counted files' bytes and names. It is valid within this process only.
  func digest(where isCounted: (String) -> Bool = { _ in true }) -> Int {
    var hasher = Hasher()
    for path in files.keys.sorted() where isCounted(path) {
      hasher.combine(path)
      files[path]?.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
    return hasher.finalize()
  }
}
