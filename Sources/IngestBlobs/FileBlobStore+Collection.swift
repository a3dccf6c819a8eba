private import Glibc
internal import IngestCore

extension FileBlobStore {
  /// Removes blobs to which nothing has referred for `grace`, in slices that do not hold the writer, and half-written
  /// files of processes that died.
  /// - Returns: how many blobs it removed, and their bytes.
  package func collect(grace: Duration, slice: Int = 2000) async throws -> (count: Int, bytes: Int) {
    try await removeLeftovers()
    var total = (count: 0, bytes: 0)
    while true {
      try Task.checkCancellation()
      let gone = try await rows.collectBlobs(grace: grace, limit: slice) { [folder] hash in
        do {
          try folder.remove(hash)
        } catch let error as BlobError {
          throw error.failure
        }
      }
      total.count += gone.count
      total.bytes += gone.bytes
      // A removed blob may have been the last one that needed others, so it repeats until a round finds nothing.
      if gone.count == 0 { return total }
    }
  }

  /// Creates the row of each file that has none, so that collection finds the file. A crash between a file's rename and
  /// the insertion of its row leaves such a file. This checks all files, so use it at start-up and for repair, not in
  /// each round.
  /// - Returns: how many rows it created. It removes damaged files instead, since no row promises them.
  package func adoptOrphans() async throws -> Int {
    var adopted = 0
    for hash in try await blocking({ store in try store.files() }) where try await rows.blobRow(hash) == nil {
      try Task.checkCancellation()
      let size: Int? = try await blocking { store in
        do {
          let descriptor = try store.folder.openVerified(hash, size: nil)
          defer { close(descriptor) }
          guard fsync(descriptor) == 0 else { throw BlobError.system("fsync", store.folder.file(hash)) }
          try store.folder.settle(hash)
          return try store.folder.size(of: hash)
        } catch BlobError.damaged {
          try store.folder.remove(hash)
          return nil
        } catch BlobError.missing {
          return nil
        }
      }
      guard let size else { continue }
      try await rows.noteBlobFile(hash, size: size)
      adopted += 1
    }
    return adopted
  }

  /// Removes temporary files whose lock is free: the process that wrote them is dead.
  func removeLeftovers() async throws {
    try await blocking { store in
      for name in try Self.names(in: store.folder.temporary) {
        let path = store.folder.temporary + "/" + name
        let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { continue }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
        close(descriptor)
      }
    }
  }

  func files() throws -> [ContentHash] {
    var found: [ContentHash] = []
    for shard in try Self.names(in: folder.path) where shard.utf8.count == 2 {
      for name in try Self.names(in: folder.path + "/" + shard) where name.utf8.count == 62 {
        found.append(ContentHash(rawValue: shard + name))
      }
    }
    return found
  }

  /// Returns the names in a folder; none if the folder does not exist.
  private static func names(in path: String) throws(BlobError) -> [String] {
    guard let stream = opendir(path) else {
      guard errno == ENOENT else { throw .system("opendir", path) }
      return []
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // Swift imports the name as a tuple of fixed size; the name ends at its NUL byte.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }
}
