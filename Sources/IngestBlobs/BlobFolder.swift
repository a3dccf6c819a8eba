private import Glibc
internal import IngestCore
private import IngestDigest

/// The folder of the files: `<folder>/ab/cdef…` by the hash's digits, and `<folder>/tmp` for files that are being
/// written. Its calls block their thread.
struct BlobFolder: Sendable {
  let path: String
  private let settled = SettledFolders()

  var temporary: String { path + "/tmp" }
  func shard(_ hash: ContentHash) -> String { path + "/" + hash.rawValue.prefix(2) }
  func file(_ hash: ContentHash) -> String { shard(hash) + "/" + hash.rawValue.dropFirst(2) }

  /// Creates the folder and its `tmp`; its parent must exist.
  func prepare() throws(BlobError) {
    try Self.make(path)
    try Self.make(temporary)
  }

  func makeShard(of hash: ContentHash) throws(BlobError) { try Self.make(shard(hash)) }

  /// Syncs the folders of a file, so that its name and the names of its folders are on disk.
  ///
  /// The name of an existing folder may not be on disk yet: the process that created the folder may have died before
  /// its sync, or may not have reached it. So each process syncs each folder's parent itself, once.
  func settle(_ hash: ContentHash) throws(BlobError) {
    try Self.sync(folder: shard(hash))
    for folder in [shard(hash), path] where !settled.contains(folder) {
      let parent = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? "."
      try Self.sync(folder: parent.isEmpty ? "/" : parent)
      settled.insert(folder)
    }
  }

  /// Returns the size of the file with this hash; nil if there is none.
  func size(of hash: ContentHash) throws(BlobError) -> Int? {
    var status = stat()
    guard stat(file(hash), &status) == 0 else {
      guard errno == ENOENT || errno == ENOTDIR else { throw .system("stat", file(hash)) }
      return nil
    }
    return Int(status.st_size)
  }

  /// Opens a file for reading and checks the hash of its bytes. Hashing runs at gigabytes a second, far faster than any
  /// reader of documents. So each open is checked, and a damaged file is never mistaken for a document.
  func openVerified(_ hash: ContentHash, size: Int?) throws(BlobError) -> Int32 {
    let path = file(hash)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw errno == ENOENT ? .missing(hash) : .system("open", path) }
    do {
      let found = try SHA256.hash(descriptor: descriptor)
      guard found.hash == hash.rawValue, size == nil || found.size == size else {
        throw BlobError.damaged(hash, path: path)
      }
      guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw BlobError.system("lseek", path) }
      return descriptor
    } catch {
      close(descriptor)
      switch error {
      case let error as BlobError: throw error
      // A sector that cannot be read is damage too, not a temporary failure.
      case DigestError.unreadable(let code) where code != EIO: throw .system("read", path, code)
      default: throw .damaged(hash, path: path)
      }
    }
  }

  func read(_ hash: ContentHash, size: Int) throws(BlobError) -> [UInt8] {
    let path = file(hash)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw errno == ENOENT ? .missing(hash) : .system("open", path) }
    defer { close(descriptor) }
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let read = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
        if read < 0, errno == EINTR { continue }
        guard read > 0 else {
          code = read < 0 ? errno : 0
          return
        }
        count += read
      }
    }
    if code != 0, code != EIO { throw .system("read", path, code) }
    guard bytes.count == size, SHA256.hash(bytes) == hash.rawValue else { throw .damaged(hash, path: path) }
    return bytes
  }

  /// Removes a file. It is no error if the file does not exist.
  func remove(_ hash: ContentHash) throws(BlobError) {
    guard unlink(file(hash)) == 0 || errno == ENOENT else { throw .system("unlink", file(hash)) }
  }

  /// Syncs a folder, so that the names in it are on disk.
  static func sync(folder: String) throws(BlobError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .system("fsync", folder) }
  }

  private static func make(_ folder: String) throws(BlobError) {
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .system("mkdir", folder) }
  }
}
