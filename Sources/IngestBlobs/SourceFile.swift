private import Glibc
private import IngestDigest

/// A submitter's open file. Its calls block their thread.
struct SourceFile: ~Copyable {
  let path: String
  let size: Int
  private let descriptor: Int32
  private let start: stat

  init(path: String) throws(BlobError) {
    // Without O_NONBLOCK, opening a pipe that has no writer would block.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw .source(path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .sourceUnreadable(path, reason: "it is not a regular file")
    }
    self.path = path
    self.size = Int(status.st_size)
    self.descriptor = descriptor
    self.start = status
  }

  deinit { close(descriptor) }

  /// Passes all bytes to `body` in chunks, from the start.
  /// - Throws: `sourceChanged` if the file has changed afterwards.
  func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw BlobError.source(path) }
    let count = try Self.read(descriptor, path: path, limit: size, body)
    var end = stat()
    guard count == size, fstat(descriptor, &end) == 0, end.st_size == start.st_size,
      end.st_mtim.tv_sec == start.st_mtim.tv_sec, end.st_mtim.tv_nsec == start.st_mtim.tv_nsec
    else { throw BlobError.sourceChanged(path) }
  }

  /// Returns the first bytes, at most `count`.
  func head(_ count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let got = pread(descriptor, buffer.baseAddress, count, 0)
      guard got >= 0 else { throw BlobError.source(path) }
      filled = got
    }
  }

  /// Passes the remaining bytes of a descriptor to `body`.
  /// - Parameter limit: reading stops at most one chunk after this number of bytes.
  /// - Returns: how many bytes were passed.
  static func read(
    _ descriptor: Int32, path: String, limit: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> Int {
    // Room for one byte more than expected: so the first call already shows that the file ends there.
    let room = min(256 * 1024, limit == .max ? limit : limit + 1)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 64)
    defer { buffer.deallocate() }
    var total = 0
    while total <= limit {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw BlobError.source(path)
      }
      if count == 0 { break }
      total += count
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    return total
  }
}
