/// Where bytes are kept, by their hash. Small blobs travel in ``StepOutput/blobs`` instead, within a transaction.
package protocol BlobStore: Sendable {
  /// Stores bytes of any size durably before it returns; the same bytes twice cost one look.
  func put(_ bytes: [UInt8]) async throws -> ContentHash
  /// The whole blob.
  /// - Throws: a ``Failure`` with code `BLOB_MISSING` or `BLOB_DAMAGED`.
  func get(_ hash: ContentHash) async throws -> [UInt8]
  /// A readable file descriptor at the blob's start, the caller's to close: for a child that may open no files.
  func open(_ hash: ContentHash) async throws -> Int32
}

/// Takes a submitter's bytes in, so that the submitter may change or delete them at once.
package protocol BlobIntake: Sendable {
  /// Looks at many files at once, in their order: small bytes are handed back, large ones only hashed, and stored by
  /// ``store(path:as:size:)`` once it is known that they are wanted.
  /// - Parameter accepts: shown the first bytes of each file, ``headLength`` at most.
  func look(
    at paths: [String], accepts: @escaping @Sendable (_ head: [UInt8]) -> Bool
  ) async throws -> [IntakeResult]
  /// Stores a file durably, unless its bytes are there already.
  /// - Throws: `SOURCE_CHANGED` when it has other bytes by now.
  func store(path: String, as hash: ContentHash, size: Int) async throws
  /// Takes in what a descriptor still gives, such as standard input; it stays the caller's to close. Small bytes are handed
  /// back for the submit's own transaction, larger ones are stored durably.
  /// - Parameter limit: bytes, at most; nil for any size.
  /// - Throws: a ``Failure`` with code `SOURCE_UNREADABLE`, `SOURCE_TOO_LARGE`, `DISK_FULL` or `BLOBS_READ_ONLY`.
  func take(descriptor: Int32, limit: Int?) async throws -> SubmitRequest.Change
}

/// What one of many files is.
package enum IntakeResult: Sendable {
  case small(Blob)
  case large(ContentHash, size: Int)
  /// Its first bytes were not accepted; nothing is kept of it. The head is what was shown.
  case declined(head: [UInt8])
  case failed(Failure)
}

extension BlobIntake {
  /// Bytes of a file that decide whether it is taken.
  package static var headLength: Int { 16 * 1024 }
}

/// The rows of the blob store: small blobs whole, large ones as a note that the file exists.
package protocol BlobRows: Sendable {
  func blobRow(_ hash: ContentHash) async throws -> BlobRow?
  /// Stores a small blob in a transaction of its own. Stored again, its age starts anew, so that collection leaves time
  /// for whoever is about to refer to it.
  func insertBlob(_ blob: Blob) async throws
  /// Notes that a file with these bytes is in place and synced. Noted again, its age starts anew likewise.
  func noteBlobFile(_ hash: ContentHash, size: Int) async throws
  /// Removes the blobs that nothing refers to and that are older than `grace`; `unlink` removes a file and is called
  /// within the transaction that proves it unreferenced.
  /// - Parameter limit: how many blobs one read looks at, so that none lasts long.
  /// - Returns: how many went and their bytes.
  func collectBlobs(
    grace: Duration, limit: Int, unlink: @escaping @Sendable (ContentHash) throws -> Void
  ) async throws -> (count: Int, bytes: Int)
}

package enum BlobRow: Sendable, Hashable {
  case row([UInt8])
  case file(size: Int)
}
