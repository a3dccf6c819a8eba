private import Glibc

/// The reason why a descriptor could not be hashed.
package enum DigestError: Error, Hashable, Sendable {
  /// `read` failed with this `errno`.
  case unreadable(Int32)
}

extension SHA256 {
  /// Returns the hash and length of the bytes from a descriptor's current position to its end. It blocks its thread.
  /// - Parameter chunk: how many bytes it reads at a time.
  package static func hash(
    descriptor: Int32, chunk: Int = 256 * 1024
  ) throws(DigestError) -> (hash: String, size: Int) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 64)
    defer { buffer.deallocate() }
    var digest = SHA256()
    var size = 0
    while true {
      let count = read(descriptor, buffer.baseAddress, chunk)
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(errno)
      }
      if count == 0 { return (digest.finish(), size) }
      digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      size += count
    }
  }
}
