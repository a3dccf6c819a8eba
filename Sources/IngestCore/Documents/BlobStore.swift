/// A store of bytes, keyed by their hash. Small blobs are in ``StepOutput/blobs`` instead, within a transaction.
package protocol BlobStore: Sendable {
  /// Stores bytes of any size; they are durable when it returns. Storing the same bytes again costs one lookup.
  func put(_ bytes: [UInt8]) async throws -> ContentHash
  /// Returns the whole blob.
  /// - Throws: a ``Failure`` with code `BLOB_MISSING` or `BLOB_DAMAGED`.
  func get(_ hash: ContentHash) async throws -> [UInt8]
  /// Returns a readable file descriptor at the blob's start, for a child process that may open no files. The caller
  /// closes it.
  func open(_ hash: ContentHash) async throws -> Int32
}

/// An intake that copies a submitter's bytes, so that the submitter may change or delete them at once.
package protocol BlobIntake: Sendable {
  /// Reads many files at once and returns results in their order. Small bytes are returned; large ones are only hashed,
  /// and stored by ``store(path:as:size:)`` when it is known that they are wanted.
  /// - Parameter accepts: whether to take a file, decided from its first bytes, at most ``headLength`` of them.
  func look(
    at paths: [String], accepts: @escaping @Sendable (_ head: [UInt8]) -> Bool
  ) async throws -> [IntakeResult]
  /// Stores a file durably, unless its bytes are already stored.
  /// - Throws: `SOURCE_CHANGED` if the bytes of the file have changed meanwhile.
  func store(path: String, as hash: ContentHash, size: Int) async throws
  /// Reads the rest of a descriptor, such as standard input; the caller closes it. Small bytes are returned for the
  /// submit's own transaction, larger ones are stored durably.
  /// - Parameter limit: the largest number of bytes; nil for any size.
  /// - Throws: a ``Failure`` with code `SOURCE_UNREADABLE`, `SOURCE_TOO_LARGE`, `DISK_FULL` or `BLOBS_READ_ONLY`.
  func take(descriptor: Int32, limit: Int?) async throws -> SubmitRequest.Change
}

/// The result of reading one of many files.
package enum IntakeResult: Sendable {
  case small(Blob)
  case large(ContentHash, size: Int)
  /// Its first bytes were not accepted, and nothing of it is kept. `head` is those first bytes.
  case declined(head: [UInt8])
  case failed(Failure)
}

extension BlobIntake {
  /// The number of first bytes that decide whether a file is taken.
  package static var headLength: Int { 16 * 1024 }
}

/// The rows of the blob store: small blobs in full; for large ones, the fact that the file exists.
package protocol BlobRows: Sendable {
  func blobRow(_ hash: ContentHash) async throws -> BlobRow?
  /// Stores a small blob in a transaction of its own. Storing it again restarts its age, so that collection leaves time
  /// for the caller to refer to it.
  func insertBlob(_ blob: Blob) async throws
  /// Records that a file with these bytes is in place and synced. Recording it again restarts its age.
  func noteBlobFile(_ hash: ContentHash, size: Int) async throws
  /// Removes the blobs that nothing refers to and that are older than `grace`. `unlink` removes a file; it is called
  /// within the transaction that proves that nothing refers to it.
  /// - Parameter limit: the largest number of blobs in one read, so that no read lasts long.
  /// - Returns: the number of removed blobs and their bytes.
  func collectBlobs(
    grace: Duration, limit: Int, unlink: @escaping @Sendable (ContentHash) throws -> Void
  ) async throws -> (count: Int, bytes: Int)
}

package enum BlobRow: Sendable, Hashable {
  case row([UInt8])
  case file(size: Int)
}
