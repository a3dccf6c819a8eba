private import Glibc
internal import IngestCore

/// A file that is being written into the store. Unless it is moved to its place, it is removed when this value ends.
///
/// It is locked while it is written: a file whose lock is free was left by a process that died.
struct TemporaryFile: ~Copyable {
  let path: String
  private let descriptor: Int32
  private var moved = false

  /// Creates an empty file in the folder's `tmp`.
  init(in folder: BlobFolder, random: any RandomSource) throws(BlobError) {
    while true {
      let name = String(random.next(), radix: 16) + String(random.next(), radix: 16)
      let path = folder.temporary + "/" + name
      var descriptor = Self.create(path)
      if descriptor < 0, errno == ENOENT {
        try folder.prepare()
        descriptor = Self.create(path)
      }
      if descriptor < 0 {
        if errno == EEXIST { continue }
        throw .system("open", path)
      }
      // Another process may have removed it as a leftover between the two calls: then it has no name any more.
      var status = stat()
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_nlink > 0 {
        self.path = path
        self.descriptor = descriptor
        return
      }
      close(descriptor)
    }
  }

  deinit {
    if !moved { unlink(path) }
    close(descriptor)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(BlobError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw .system("write", path)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Moves the file to its place. The order matters: it syncs the bytes, renames the file, then syncs the folders.
  mutating func move(to hash: ContentHash, in folder: BlobFolder) throws(BlobError) {
    guard fsync(descriptor) == 0 else { throw .system("fsync", path) }
    let place = folder.file(hash)
    if rename(path, place) != 0 {
      guard errno == ENOENT else { throw .system("rename", place) }
      try folder.makeShard(of: hash)
      guard rename(path, place) == 0 else { throw .system("rename", place) }
    }
    moved = true
    try folder.settle(hash)
  }

  private static func create(_ path: String) -> Int32 {
    open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
  }
}
