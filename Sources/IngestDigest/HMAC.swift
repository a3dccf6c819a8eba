private import CCrypto

/// HMAC-SHA256 (RFC 2104), by libcrypto: says who wrote a text to whoever has the same key.
package enum HMAC {
  /// 64 lower-case hexadecimal digits.
  package static func sha256(_ bytes: [UInt8], key: [UInt8]) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SHA256.byteCount) { digest in
      // An empty key is one too, and libcrypto takes nil for "as before".
      let key = key.isEmpty ? [0] : key
      let done = CCrypto.HMAC(
        EVP_sha256(), key, Int32(clamping: key.count), bytes, bytes.count, digest.baseAddress, nil)
      precondition(done != nil, "libcrypto refused an HMAC")
      return SHA256.hexadecimal(UnsafeBufferPointer(digest))
    }
  }
}
