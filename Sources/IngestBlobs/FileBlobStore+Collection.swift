private import Glibc
internal import IngestCore

extension FileBlobStore {
  /// Removes blobs that nothing has referred to for `grace`, in slices that do not hold the writer, and what writers that
  /// died left half-written.
  /// - Returns: how many blobs went and their bytes.
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
      // A blob that went can have been the last to need others: only a round that finds nothing is the last.
      if gone.count == 0 { return total }
    }
  }

  /// Notes every file that has no row, so that collection finds it: a crash between a file's rename and its note leaves
  /// one. It looks at each file once, so it is for start-up and repair, not for every round.
  /// - Returns: how many files were noted; damaged ones are removed instead, since no row promises them.
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

  /// Removes temporary files whose writer is dead: their lock is free.
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

  /// The names in a folder, none when there is no such folder.
  private static func names(in path: String) throws(BlobError) -> [String] {
    guard let stream = opendir(path) else {
      guard errno == ENOENT else { throw .system("opendir", path) }
      return []
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // The name field is imported as a tuple of fixed size; its length is what counts.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }
}
