package import IngestCore
package import IngestSQL

extension Failure {
  static func damaged(_ what: String) -> Failure {
    Failure(
      .permanent, code: "DATABASE_DAMAGED", "The database contains invalid data: \(what).",
      hint: "Run \(Action(.doctor)); restore a backup if it finds damage.")
  }

  static func quarantined(_ content: String) -> Failure {
    Failure(
      .poison, code: "QUARANTINED",
      "\(Deaths.toQuarantine) processes died while they worked on this document alone.",
      hint:
        "Inspect it with \(Action(.parse)); \(Action(.deadRedrive)) lifts the quarantine (content \(content.prefix(12)))."
    )
  }

  static func indexNotFound(_ name: String, near: String?) -> Failure {
    Failure(
      .permanent, code: "INDEX_NOT_FOUND", "There is no index '\(name)'.",
      hint: near.map { "Did you mean '\($0)'?" } ?? "Create it with \(Action(.indexCreate, name)).",
      category: .notFound)
  }

  static func generationNotFound(_ index: String, _ number: Int) -> Failure {
    Failure(
      .permanent, code: "GENERATION_NOT_FOUND", "Index '\(index)' has no generation \(number).",
      hint: "\(Action(.indexShow, index)) lists them.", category: .notFound)
  }
}

extension SQLError: FailureConvertible {
  package var failure: Failure { Failure(self) }
}

extension Failure {
  /// Turns an error of SQLite into a failure with a message and a hint for people.
  package init(_ error: SQLError) {
    let path = error.path
    switch error {
    case .missing:
      self.init(
        .permanent, code: "DATABASE_MISSING", "There is no database at \(path).",
        hint: "Submit something first, or name the right folder with \(option: "data").", category: .notFound)
    case .isFolder, .notADatabase:
      self.init(
        .permanent, code: "DATABASE_NOT_SQLITE", "\(path) is not an ingestd database: \(error.detail.message).",
        hint: "Name another folder with \(option: "data"), or move that file away.")
    case .corrupt:
      self.init(
        .permanent, code: "DATABASE_CORRUPT", "The database \(path) is damaged: \(error.detail.message).",
        hint: "Nothing was changed. Run \(Action(.doctor)), then restore a backup.", scope: .everyone)
    case .cannotOpen:
      self.init(
        .permanent, code: "DATABASE_UNREADABLE", "The database \(path) cannot be opened: \(error.detail.message).",
        hint: "Check the permissions of the data folder and of everything in it.", scope: .everyone)
    case .readOnly:
      self.init(
        .permanent, code: "DATABASE_READ_ONLY", "This user may not write to the data folder of \(path).",
        hint: "Check its permissions and whether the file system is mounted read-only.", scope: .everyone)
    case .newer(_, let found, let known):
      self.init(
        .permanent, code: "DATABASE_NEWER",
        "The database \(path) is at schema \(found), newer than this program's \(known).",
        hint: "Run the newer ingestd that wrote it; nothing was changed.", category: .refused)
    case .changedMigration(_, let number):
      self.init(
        .permanent, code: "DATABASE_FOREIGN",
        "The database \(path) was migrated by another build: migration \(number) differs.",
        hint: "Run the build that wrote it; nothing was changed.", category: .refused)
    case .pendingMigrations(_, let names):
      self.init(
        .permanent, code: "DATABASE_OLDER", "The database \(path) lacks \(names.count) migrations.",
        hint: "Run \(Action(.migrate)).", category: .refused)
    case .busy:
      self.init(
        .transient, code: "DATABASE_BUSY", "Another process locked the database \(path) for too long.",
        hint: "Try again; if it lasts, look for a stopped process with \(Action(.status)).", category: .later,
        scope: .everyone)
    case .full:
      self.init(
        .transient, code: "DISK_FULL", "The disk of \(path) is full; nothing was written.",
        hint: "Free some room, then try again.", scope: .everyone)
    case .inputOutput:
      self.init(
        .transient, code: "DISK_ERROR", "Reading or writing \(path) failed: \(error.detail.message).",
        hint: "Check the disk and the system log.", scope: .everyone)
    case .outcomeUnknown:
      self.init(
        .transient, code: "OUTCOME_UNKNOWN", "A commit to \(path) failed, and it is unknown whether it took effect.",
        hint: """
          Try again: submits, outcomes of jobs, swaps and settings that are stored already are found and not repeated. \
          A signal counts each time it is sent: check with \(Action(.jobShow)) first.
          """, reason: .outcomeUnknown)
    case .closed:
      self.init(.cancelled, code: "DATABASE_CLOSED", "The database \(path) is closed.")
    case .constraint(_, let detail), .failed(let detail):
      self.init(
        .permanent, code: "DATABASE_REFUSED", "The database refused a change: \(detail.message).",
        hint: "This is a bug in ingestd; please report it with the output of \(Action(.doctor)).")
    }
  }
}
