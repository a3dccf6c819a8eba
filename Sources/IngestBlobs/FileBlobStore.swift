private import CSystem
private import Glibc
package import IngestCore
private import IngestDigest

/// The blob store: small blobs are rows, larger ones are files beside the database.
///
/// A file gets its row only when the file and its name are on disk, so a row is a promise. A file without a row was
/// left by a crash. It is written again and not trusted: after a failed sync, a second sync may report success without
/// writing. Each read checks the hash.
package final class FileBlobStore: BlobStore, BlobIntake {
  let folder: BlobFolder
  let rows: any BlobRows
  let random: any RandomSource
  private let threads: IOThreads

  /// - Parameters:
  ///   - folder: created at the first write; its parent must exist.
  ///   - threads: how many files are read or written at once, at most.
  package init(folder: String, rows: any BlobRows, threads: Int = 8, random: any RandomSource = SystemRandom()) {
    self.folder = BlobFolder(path: folder)
    self.rows = rows
    self.random = random
    self.threads = IOThreads(width: threads)
  }

  package func put(_ bytes: [UInt8]) async throws -> ContentHash {
    guard bytes.count > Blob.rowLimit else {
      let hash = ContentHash(rawValue: SHA256.hash(bytes))
      try await rows.insertBlob(Blob(hash: hash, bytes: bytes))
      return hash
    }
    let hash = try await blocking { _ in ContentHash(rawValue: SHA256.hash(bytes)) }
    try await keep(hash, size: bytes.count) { store in
      var file = try TemporaryFile(in: store.folder, random: store.random)
      try bytes.withUnsafeBytes { try file.write($0) }
      try file.move(to: hash, in: store.folder)
    }
    return hash
  }

  package func get(_ hash: ContentHash) async throws -> [UInt8] {
    switch try await rows.blobRow(hash) {
    case nil:
      throw BlobError.missing(hash).failure
    case .row(let bytes):
      guard SHA256.hash(bytes) == hash.rawValue else {
        throw BlobError.damaged(hash, path: "a row of the database").failure
      }
      return bytes
    case .file(let size):
      return try await blocking { store in try store.folder.read(hash, size: size) }
    }
  }

  package func open(_ hash: ContentHash) async throws -> Int32 {
    switch try await rows.blobRow(hash) {
    case .file(let size):
      return try await blocking { store in try store.folder.openVerified(hash, size: size) }
    case .row, nil:
      return try Self.memoryFile(hash, try await get(hash))
    }
  }

  /// Writes the file unless it is sound and has its row, and then writes the row. So storing the same bytes again
  /// repairs a damaged file.
  ///
  /// A collection that found the blob unused may remove the file just before the row is written, which restarts the
  /// blob's grace time. So this checks once more, after the row is written, that the file exists; from then on no
  /// collection removes it.
  func keep(
    _ hash: ContentHash, size: Int, write: @escaping @Sendable (FileBlobStore) throws -> Void
  ) async throws {
    let row = try await rows.blobRow(hash)
    var stored = row == .file(size: size)
    if stored { stored = try await isSound(hash, size: size) }
    while true {
      if !stored { try await blocking(write) }
      try await rows.noteBlobFile(hash, size: size)
      stored = try await inPlace(hash, size: size)
      if stored { return }
    }
  }

  /// Whether the file exists with exactly these bytes.
  private func isSound(_ hash: ContentHash, size: Int) async throws -> Bool {
    try await blocking { store in
      do {
        close(try store.folder.openVerified(hash, size: size))
        return true
      } catch BlobError.missing, BlobError.damaged {
        return false
      }
    }
  }

  /// Whether the file exists with this size.
  func inPlace(_ hash: ContentHash, size: Int) async throws -> Bool {
    try await blocking { store in try store.folder.size(of: hash) == size }
  }

  /// Runs a body that waits for the disk, on one of the store's own threads. Throws its errors as ``Failure``.
  func blocking<T: Sendable>(_ body: @escaping @Sendable (FileBlobStore) throws -> T) async throws -> T {
    do {
      return try await threads.run { [self] in try body(self) }
    } catch let error as BlobError {
      throw error.failure
    }
  }

  private static func memoryFile(_ hash: ContentHash, _ bytes: [UInt8]) throws -> Int32 {
    let descriptor = ingestd_memory_file(hash.rawValue)
    guard descriptor >= 0 else { throw BlobError.system("memfd_create", hash.rawValue).failure }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        let error = BlobError.system("write", hash.rawValue)
        close(descriptor)
        throw error.failure
      }
      written += count
    }
    lseek(descriptor, 0, SEEK_SET)
    return descriptor
  }
}
