internal import Glibc
internal import IngestCore
internal import IngestIndex
internal import IngestSQL

extension IndexError {
  /// Maps an error of SQLite to the error that callers of an index expect.
  init(_ error: SQLError, of name: GenerationName) {
    self =
      switch error {
      case .missing: .generationMissing(name)
      case .corrupt, .notADatabase: .damaged(name, error.detail.message)
      case .full: .storage(name, .diskFull)
      case .busy:
        .storage(
          name,
          Failure(
            .transient, code: "INDEX_BUSY", "Another process kept the file locked for too long.",
            hint: "Check for a stopped `ingestd` process. The step tries again.", category: .later))
      case .readOnly, .cannotOpen, .isFolder:
        .storage(
          name,
          Failure(
            .transient, code: "INDEX_UNREADABLE", "\(error.path): \(error.detail.message).",
            hint: "Check that the folder and its files belong to the user who runs `ingestd`."))
      default: .storage(name, Failure(.transient, code: "INDEX_STORAGE", "\(error)."))
      }
  }

  /// Maps an error of the operating system on a vector file.
  init(_ error: VectorFileError, of name: GenerationName) {
    self =
      switch error.code {
      case ENOENT: .damaged(name, "its vector file \(error.path) is gone")
      case ENOSPC, EDQUOT: .storage(name, .diskFull)
      case 0: .damaged(name, "could not \(error.action) \(error.path)")
      default:
        .storage(
          name,
          Failure(
            .transient, code: "INDEX_STORAGE",
            "Could not \(error.action) \(error.path): \(String(cString: strerror(error.code)))."))
      }
  }
}

extension Failure {
  fileprivate static var diskFull: Failure {
    Failure(
      .transient, code: "DISK_FULL", "The disk is full, so nothing was written.",
      hint: "Free some space. The step tries again.", category: .later, scope: .everyone)
  }
}
