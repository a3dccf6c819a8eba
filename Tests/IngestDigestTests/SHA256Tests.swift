import Glibc
import IngestDigest
import Testing

@Suite struct SHA256Tests {
  // FIPS 180-4, examples of SHA-256.
  static let known: [(String, String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]

  @Test("the examples of FIPS 180-4 give the expected results", arguments: known)
  func examples(text: String, hash: String) {
    #expect(SHA256.hash(text) == hash)
    #expect(SHA256.hash(Array(text.utf8)) == hash)
    #expect(SHA256.hash(text.utf8.lazy.map { $0 }) == hash)
    #expect(Array(text.utf8).withUnsafeBytes { SHA256.hash($0) } == hash)
  }

  @Test("a hash computed in pieces equals the hash of the whole", arguments: [1, 7, 63, 64, 65, 1000])
  func incremental(piece: Int) {
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var digest = SHA256()
    for start in stride(from: 0, to: bytes.count, by: piece) {
      digest.update(bytes[start..<min(start + piece, bytes.count)])
    }
    #expect(digest.finish() == SHA256.hash(bytes))
  }

  @Test(
    "a descriptor is hashed from its position to its end", arguments: [1, 100, 65_536])
  func descriptor(chunk: Int) throws {
    let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
    let file = try #require(tmpfile())
    defer { fclose(file) }
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    fflush(file)
    lseek(fileno(file), 10, SEEK_SET)
    let found = try SHA256.hash(descriptor: fileno(file), chunk: chunk)
    #expect(found.size == 4990)
    #expect(found.hash == SHA256.hash(bytes.dropFirst(10)))
  }

  @Test("an error for an unreadable descriptor says why")
  func unreadable() {
    #expect(throws: DigestError.unreadable(EBADF)) { try SHA256.hash(descriptor: -1) }
  }
}
