private import CSystem
private import Glibc

/// An unnamed file in memory, for a child that reads from a descriptor.
package enum MemoryFile {
  /// Returns a file with these bytes, positioned at its start.
  package static func make(_ bytes: [UInt8]) throws(ProcessError) -> Descriptor {
    let number = ingestd_memory_file("ingestd")
    guard number >= 0 else { throw .channel(errno: errno) }
    let file = Descriptor(owning: number)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        write(number, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .channel(errno: errno)
      }
      written += count
    }
    lseek(number, 0, SEEK_SET)
    return file
  }
}
