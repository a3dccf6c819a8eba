/// A failure of SQLite, named by what the caller can do about it.
///
/// Each case carries the path of the file and SQLite's extended code. This module knows no hints or exit statuses:
/// callers turn the case into a failure of their own.
package enum SQLError: Error, Hashable, Sendable {
  /// SQLite's message, the file and the statement.
  package struct Detail: Hashable, Sendable {
    package var path: String
    /// The extended result code; 0 if this module itself refused.
    package var code: Int32 = 0
    package var message: String
    /// The statement's text, without its values.
    package var sql: String?
  }

  package enum Constraint: String, Hashable, Sendable {
    case unique, primaryKey, check, foreignKey, notNull, trigger, dataType, other
  }

  /// The file, or with ``DatabaseOptions/Mode/create`` its folder, does not exist.
  case missing(Detail)
  /// The path is a folder.
  case isFolder(Detail)
  /// The file is not a SQLite database.
  case notADatabase(Detail)
  /// The file is damaged.
  case corrupt(Detail)
  /// The file exists but cannot be opened: permissions, too many open files, a file system without locks.
  case cannotOpen(Detail)
  /// The file, its folder or the connection does not allow writes.
  case readOnly(Detail)
  /// A newer program has migrated the file.
  case newer(Detail, found: Int, known: Int)
  /// Migration `number` was applied with a different text than this program has.
  case changedMigration(Detail, number: Int)
  /// The file lacks migrations, and the options do not allow applying them.
  case pendingMigrations(Detail, names: [String])
  /// Another process held the lock for longer than ``BusyPolicy/limit``; nothing was written.
  case busy(Detail)
  /// The disk or the quota is full; nothing was written.
  case full(Detail)
  case constraint(Constraint, Detail)
  /// Reading, writing or locking failed in the operating system.
  case inputOutput(Detail)
  /// The COMMIT failed, and it is unknown whether it took effect: check before doing it again.
  case outcomeUnknown(Detail)
  /// The database was closed before the call began.
  case closed(Detail)
  /// Any other failure: a mistake in the statement, no memory, an interrupt.
  case failed(Detail)

  package var detail: Detail {
    switch self {
    case .missing(let detail), .isFolder(let detail), .notADatabase(let detail), .corrupt(let detail),
      .cannotOpen(let detail), .readOnly(let detail), .newer(let detail, _, _), .changedMigration(let detail, _),
      .pendingMigrations(let detail, _), .busy(let detail), .full(let detail), .constraint(_, let detail),
      .inputOutput(let detail), .outcomeUnknown(let detail), .closed(let detail), .failed(let detail):
      detail
    }
  }

  package var path: String { detail.path }
  /// SQLite's extended result code; 0 if this module itself refused.
  package var code: Int32 { detail.code }

  package var isBusy: Bool { if case .busy = self { true } else { false } }
  package var isFull: Bool { if case .full = self { true } else { false } }
  package var isCorrupt: Bool {
    switch self {
    case .corrupt, .notADatabase: true
    default: false
    }
  }
}

extension SQLError: CustomStringConvertible {
  package var description: String {
    let detail = detail
    let code = detail.code == 0 ? "" : " (SQLite code \(detail.code))"
    let sql = detail.sql.map { " in: \($0)" } ?? ""
    return "\(detail.path): \(detail.message)\(code)\(sql)"
  }
}
