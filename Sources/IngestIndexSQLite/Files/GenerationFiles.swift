internal import Glibc
internal import IngestIndex

/// The paths of a generation's files: `docs-g0003.db` and beside it `docs-g0003.1.vectors`.
struct GenerationFiles: Sendable {
  let folder: String
  let name: String

  init(folder: String, generation: GenerationName) {
    self.folder = folder
    name = generation.description
  }

  var database: String { "\(folder)/\(name).db" }

  func vectors(_ file: Int) -> String { "\(folder)/\(name).\(file).vectors" }

  /// Returns the device and inode of the database file; nil if there is none.
  func identity() -> FileIdentity? {
    var status = stat()
    guard stat(database, &status) == 0 else { return nil }
    return FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }

  func hasVectors(_ file: Int) -> Bool { access(vectors(file), F_OK) == 0 }

  /// Removes one vector file. Removing a missing one is no error.
  func removeVectors(_ file: Int) throws(VectorFileError) {
    guard unlink(vectors(file)) == 0 || errno == ENOENT else { throw VectorFileError(vectors(file), "remove") }
  }

  /// Removes every file of the generation. The database goes first, so that nobody can open the generation any more.
  func remove() throws(VectorFileError) {
    for path in [database, database + "-wal", database + "-shm"] {
      guard unlink(path) == 0 || errno == ENOENT else { throw VectorFileError(path, "remove") }
    }
    guard let listing = opendir(folder) else { return }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix(self.name + "."), name.hasSuffix(".vectors") else { continue }
      let path = "\(folder)/\(name)"
      guard unlink(path) == 0 || errno == ENOENT else { throw VectorFileError(path, "remove") }
    }
  }
}

/// The identity of the file that a path led to when it was opened.
struct FileIdentity: Hashable, Sendable {
  let device: UInt64
  let inode: UInt64
}
