import Glibc
import IngestCore
import Synchronization

/// Blob rows in memory. Recording a file fails unless the file is in place, as the order of writes demands.
final class MemoryBlobRows: BlobRows {
  struct State {
    var rows: [ContentHash: BlobRow] = [:]
    var notes = 0
    /// Runs once, after the next file was recorded.
    var afterNote: (@Sendable () -> Void)?
  }

  struct NotedTooEarly: Error {}

  let folder: String
  let state = Mutex(State())

  var isEmpty: Bool { state.withLock { $0.rows.isEmpty } }
  /// The number of recorded files.
  var notes: Int { state.withLock { $0.notes } }

  init(folder: String) { self.folder = folder }

  func blobRow(_ hash: ContentHash) async throws -> BlobRow? {
    state.withLock { $0.rows[hash] }
  }

  func insertBlob(_ blob: Blob) async throws { state.withLock { $0.rows[blob.hash] = .row(blob.bytes) } }

  func noteBlobFile(_ hash: ContentHash, size: Int) async throws {
    var status = stat()
    guard stat(path(hash), &status) == 0, Int(status.st_size) == size else { throw NotedTooEarly() }
    state.withLock { state in
      state.rows[hash] = .file(size: size)
      state.notes += 1
      state.afterNote?()
      state.afterNote = nil
    }
  }

  func collectBlobs(
    grace: Duration, limit: Int, unlink: @escaping @Sendable (ContentHash) throws -> Void
  ) async throws -> (count: Int, bytes: Int) {
    try state.withLock { state in
      var gone = (count: 0, bytes: 0)
      for (hash, row) in state.rows.prefix(limit) {
        switch row {
        case .file(let size):
          try unlink(hash)
          gone.bytes += size
        case .row(let bytes):
          gone.bytes += bytes.count
        }
        state.rows[hash] = nil
        gone.count += 1
      }
      return gone
    }
  }

  func path(_ hash: ContentHash) -> String { folder + "/" + hash.rawValue.prefix(2) + "/" + hash.rawValue.dropFirst(2) }

  func afterNote(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.afterNote = body } }

  func forget(_ hash: ContentHash) { state.withLock { $0.rows[hash] = nil } }
}
