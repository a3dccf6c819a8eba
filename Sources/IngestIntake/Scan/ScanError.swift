package import IngestCore

/// The reason why a folder is not scanned, or why a scan deletes nothing. Fix the folder: the job waits for it and spends no
/// attempt.
package enum ScanError: Error, Hashable, Sendable {
  case rootMissing(path: String)
  case rootNotFolder(path: String)
  case rootUnreadable(path: String, reason: String)
  /// The folder holds no document, but the index has documents from it.
  case rootEmpty(path: String)
  /// Another folder took the place of the scanned one during the scan.
  case rootChanged(path: String)
  case task(problem: String)
}

extension ScanError: FailureConvertible {
  package var failure: Failure {
    switch self {
    case .rootMissing(let path):
      Failure(
        .unavailable, code: "SCAN_ROOT_MISSING", "The folder \(path.visible) is not there; nothing was deleted.",
        hint: "Check its path, or mount or restore it; a schedule names its folder in \(option: "scan").",
        category: .notFound)
    case .rootNotFolder(let path):
      Failure(
        .permanent, code: "SCAN_ROOT_NOT_FOLDER", "\(path.visible) is not a folder.",
        hint: "Name a folder; \(Action(.submit)) takes single files.", category: .invalid)
    case .rootUnreadable(let path, let reason):
      Failure(
        .unavailable, code: "SCAN_ROOT_UNREADABLE",
        "The folder \(path.visible) cannot be read; nothing was deleted: \(reason)",
        hint: "Let the user who runs the worker read it.")
    case .rootEmpty(let path):
      Failure(
        .unavailable, code: "SCAN_ROOT_EMPTY",
        "The folder \(path.visible) holds no document, but the index has documents from it: nothing was deleted, in "
          + "case the disk is not mounted.",
        hint: "Mount the disk. If the folder was emptied on purpose, scan it with \(option: "allow-empty").",
        category: .refused)
    case .rootChanged(let path):
      Failure(
        .transient, code: "SCAN_ROOT_CHANGED",
        "Another folder took the place of \(path.visible) while it was scanned; nothing more was deleted.",
        hint: "The scan starts again by itself.")
    case .task(let problem):
      Failure(
        .permanent, code: "SCAN_TASK_INVALID", "The task of the scan cannot be read: \(problem).",
        hint: "Schedule it with \(Action(.scheduleAdd, "NAME", with: ["scan": "DIR"])), which writes the task.",
        category: .invalid)
    }
  }
}
