private import Glibc
package import IngestCore
private import IngestDigest

extension FileBlobStore {
  /// Copies a large file that was hashed before. It copies only if its bytes are new, so submitting a folder again
  /// writes nothing. It hashes the copy as well, to be sure that it stores the bytes that were hashed.
  package func store(path: String, as hash: ContentHash, size: Int) async throws {
    try await keep(hash, size: size) { store in
      let source = try SourceFile(path: path)
      var file = try TemporaryFile(in: store.folder, random: store.random)
      var digest = SHA256()
      try source.read { bytes in
        digest.update(bytes)
        try file.write(bytes)
      }
      guard digest.finish() == hash.rawValue else { throw BlobError.sourceChanged(path) }
      try file.move(to: hash, in: store.folder)
    }
  }

  package func look(
    at paths: [String], accepts: @escaping @Sendable (_ head: [UInt8]) -> Bool
  ) async throws -> [IntakeResult] {
    try await blocking { _ in paths.map { Self.look(at: $0, accepts: accepts) } }
  }

  private static func look(at path: String, accepts: (_ head: [UInt8]) -> Bool) -> IntakeResult {
    do {
      let source = try SourceFile(path: path)
      guard source.size > Blob.rowLimit else {
        let blob = try small(source)
        let head = blob.bytes.count > headLength ? Array(blob.bytes[..<headLength]) : blob.bytes
        return accepts(head) ? .small(blob) : .declined(head: head)
      }
      let head = try source.head(headLength)
      return accepts(head) ? .large(try hash(source), size: source.size) : .declined(head: head)
    } catch let error as BlobError {
      return .failed(error.failure)
    } catch {
      return .failed(Failure(error))
    }
  }

  private static func hash(_ source: borrowing SourceFile) throws -> ContentHash {
    var digest = SHA256()
    try source.read { digest.update($0) }
    return ContentHash(rawValue: digest.finish())
  }

  package func take(descriptor: Int32, limit: Int? = nil) async throws -> SubmitRequest.Change {
    let name = "the input"
    let seen: Seen = try await blocking { store in
      var start: [UInt8] = []
      var file: TemporaryFile?
      var digest = SHA256()
      let size = try SourceFile.read(descriptor, path: name, limit: limit ?? .max) { bytes in
        digest.update(bytes)
        if start.count + bytes.count <= Blob.rowLimit, file == nil {
          start.append(contentsOf: bytes)
          return
        }
        if file == nil {
          file = try TemporaryFile(in: store.folder, random: store.random)
          try start.withUnsafeBytes { try file?.write($0) }
        }
        try file?.write(bytes)
      }
      if let limit, size > limit { throw BlobError.sourceTooLarge(name, limit: limit) }
      let hash = ContentHash(rawValue: digest.finish())
      guard file != nil else { return .small(Blob(hash: hash, bytes: start)) }
      try file?.move(to: hash, in: store.folder)
      return .large(hash, size: size)
    }
    switch seen {
    case .small(let blob):
      return .bytes(blob)
    case .large(let hash, let size):
      try await rows.noteBlobFile(hash, size: size)
      // A collection removed the file just before its row was written; see `keep`. The input cannot be read a second
      // time.
      guard try await inPlace(hash, size: size) else {
        throw BlobError.failed(call: "stat", path: folder.file(hash), errno: ENOENT).failure
      }
      return .stored(hash, size: size)
    }
  }

  /// The result of reading the input once.
  private enum Seen: Sendable {
    case small(Blob)
    case large(ContentHash, size: Int)
  }

  private static func small(_ source: borrowing SourceFile) throws -> Blob {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.size)
    try source.read { bytes.append(contentsOf: $0) }
    return Blob(hash: ContentHash(rawValue: SHA256.hash(bytes)), bytes: bytes)
  }
}
