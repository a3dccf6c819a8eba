private import CCrypto

/// SHA-256, by libcrypto, which uses the processor's SHA instructions where it has them.
///
/// A value hashes bytes piece by piece: call `update` any number of times, then ``finish()``. A hash is written as 64
/// lower-case hexadecimal digits.
package struct SHA256: ~Copyable {
  private let context: OpaquePointer

  /// Starts an empty hash.
  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, Self.algorithm, nil) == 1 else {
      // libcrypto fails here only if there is no memory, and then the process cannot continue.
      fatalError("libcrypto could not start a SHA-256 digest")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    precondition(EVP_DigestUpdate(context, base, bytes.count) == 1, "libcrypto lost a SHA-256 digest")
  }

  package mutating func update(_ bytes: some Sequence<UInt8>) {
    if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { update($0) }
    }
  }

  /// Returns the hash of all bytes so far.
  package consuming func finish() -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.byteCount) { digest in
      precondition(EVP_DigestFinal_ex(context, digest.baseAddress, nil) == 1, "libcrypto lost a SHA-256 digest")
      return Self.hexadecimal(UnsafeBufferPointer(digest))
    }
  }

  /// The number of bytes of a hash, before it is written in hexadecimal.
  package static let byteCount = 32

  // Fetched once: fetching it for each digest costs more than hashing a short text. libcrypto's algorithms are constant
  // and may be used from any thread.
  fileprivate nonisolated(unsafe) static let algorithm: OpaquePointer? = EVP_MD_fetch(nil, "SHA256", nil)
}

extension SHA256 {
  /// Returns the hash of these bytes.
  package static func hash(_ bytes: UnsafeRawBufferPointer) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: byteCount) { digest in
      let done = EVP_Digest(bytes.baseAddress, bytes.count, digest.baseAddress, nil, algorithm, nil)
      precondition(done == 1, "libcrypto refused a SHA-256 digest")
      return hexadecimal(UnsafeBufferPointer(digest))
    }
  }

  package static func hash(_ bytes: some Sequence<UInt8>) -> String {
    if let hash = bytes.withContiguousStorageIfAvailable({ hash(UnsafeRawBufferPointer($0)) }) { return hash }
    return Array(bytes).withUnsafeBytes { hash($0) }
  }

  /// Returns the hash of the text in UTF-8.
  package static func hash(_ text: String) -> String { hash(text.utf8) }

  static func hexadecimal(_ digest: UnsafeBufferPointer<UInt8>) -> String {
    String(unsafeUninitializedCapacity: digest.count * 2) { digits in
      for (position, byte) in digest.enumerated() {
        digits[position * 2] = hexadecimalDigit(byte >> 4)
        digits[position * 2 + 1] = hexadecimalDigit(byte & 15)
      }
      return digest.count * 2
    }
  }

  private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
