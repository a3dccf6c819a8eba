private import Glibc
package import IngestCore

/// The reason why bytes could not be stored or read. Callers outside this module see the ``Failure``.
package enum BlobError: Error, Hashable, Sendable {
  /// Neither a row nor a file has this hash.
  case missing(ContentHash)
  /// The stored bytes have changed.
  case damaged(ContentHash, path: String)
  /// The disk is full, or a quota or file size limit is reached.
  case diskFull(path: String)
  case readOnly(path: String)
  /// Another system call failed on the store's own files.
  case failed(call: String, path: String, errno: Int32)
  case sourceNotFound(String)
  case sourceUnreadable(String, reason: String)
  /// The file was changed while it was copied.
  case sourceChanged(String)
  case sourceTooLarge(String, limit: Int)

  /// Returns the error for a failed system call on the store's own files.
  static func system(_ call: String, _ path: String, _ code: Int32 = errno) -> Self {
    switch code {
    case ENOSPC, EDQUOT, EFBIG: .diskFull(path: path)
    case EROFS, EACCES, EPERM: .readOnly(path: path)
    default: .failed(call: call, path: path, errno: code)
    }
  }

  /// Returns the error for a failed system call on the submitter's file.
  static func source(_ path: String, _ code: Int32 = errno) -> Self {
    switch code {
    case ENOENT, ENOTDIR: .sourceNotFound(path)
    default: .sourceUnreadable(path, reason: String(cString: strerror(code)))
    }
  }
}

extension BlobError: FailureConvertible {
  package var failure: Failure {
    switch self {
    case .missing(let hash):
      Failure(
        .permanent, code: "BLOB_MISSING", "The stored bytes \(hash) are missing.",
        hint: "Submit the document again; if files of the data folder were removed, restore them from a backup.",
        reason: .blobLost)
    case .damaged(let hash, let path):
      Failure(
        .permanent, code: "BLOB_DAMAGED", "The stored bytes \(hash) no longer have that hash (\(path)).",
        hint: "Submit the document again, and check the disk.", reason: .blobLost)
    case .diskFull(let path):
      Failure(
        .transient, code: "DISK_FULL", "There is no room to write \(path).",
        hint: "Free space on that disk or raise its quota; nothing was half-written, and the work is tried again.",
        scope: .everyone)
    case .readOnly(let path):
      Failure(
        .permanent, code: "BLOBS_READ_ONLY", "This user may not write to \(path).",
        hint: "Run as the owner of the data folder, or choose another folder with \(option: "data").", scope: .everyone)
    case .failed(let call, let path, let code):
      Failure(
        .transient, code: "BLOB_IO_FAILED", "\(call) failed on \(path): \(String(cString: strerror(code))).",
        hint: "Check the disk of the data folder; the work is tried again.")
    case .sourceNotFound(let path):
      Failure(
        .permanent, code: "SOURCE_NOT_FOUND", "\(path) does not exist.",
        hint: "Check the path; if the file was removed on purpose, use \(Action(.delete)).", category: .notFound)
    case .sourceUnreadable(let path, let reason):
      Failure(
        .permanent, code: "SOURCE_UNREADABLE", "\(path) cannot be read: \(reason).",
        hint: "Give the user who runs ingestd permission to read it.")
    case .sourceChanged(let path):
      Failure(
        .transient, code: "SOURCE_CHANGED", "\(path) changed while it was copied.",
        hint: "Submit it again once nothing writes to it.", category: .later)
    case .sourceTooLarge(let path, let limit):
      Failure(
        .permanent, code: "SOURCE_TOO_LARGE", "\(path) is larger than the limit of \(limit) bytes.",
        hint: "Raise the limit in the configuration, or split the file.", category: .refused)
    }
  }
}
