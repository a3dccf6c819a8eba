private import CCrypto

/// HMAC-SHA256 (RFC 2104), by libcrypto. It proves to the holder of a key that a text was written with the same key.
package enum HMAC {
  /// Returns 64 lower-case hexadecimal digits.
  package static func sha256(_ bytes: [UInt8], key: [UInt8]) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SHA256.byteCount) { digest in
      // An empty key is valid, but libcrypto takes a null pointer to mean "the same key as before".
      let key = key.isEmpty ? [0] : key
      let done = CCrypto.HMAC(
        EVP_sha256(), key, Int32(clamping: key.count), bytes, bytes.count, digest.baseAddress, nil)
      precondition(done != nil, "libcrypto refused an HMAC")
      return SHA256.hexadecimal(UnsafeBufferPointer(digest))
    }
  }
}
