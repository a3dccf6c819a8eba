internal import CSQLite

extension SQLError {
  /// Creates an error from the last failure of `handle`, which must not have been reset or used since.
  init(handle: OpaquePointer?, code: Int32, path: String, sql: String? = nil) {
    let extended = handle.map { sqlite3_extended_errcode($0) } ?? code
    // The handle's extended code and message apply only if they belong to the same failure.
    let exact = (extended & 0xFF) == (code & 0xFF) ? extended : code
    let message =
      handle.flatMap { extended == exact ? sqlite3_errmsg($0) : nil }.map { String(cString: $0) }
      ?? String(cString: sqlite3_errstr(code))
    self.init(code: exact, detail: Detail(path: path, code: exact, message: message, sql: sql))
  }

  init(code: Int32, detail: Detail) {
    self =
      switch code & 0xFF {
      case SQLITE_BUSY, SQLITE_PROTOCOL: .busy(detail)
      case SQLITE_FULL: .full(detail)
      case SQLITE_CORRUPT: .corrupt(detail)
      case SQLITE_NOTADB: .notADatabase(detail)
      case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .cannotOpen(detail)
      case SQLITE_READONLY: .readOnly(detail)
      case SQLITE_IOERR: .inputOutput(detail)
      case SQLITE_CONSTRAINT: .constraint(Constraint(code: code), detail)
      default: .failed(detail)
      }
  }

  /// Whether a sync of the file or of its folder failed. The kernel may have dropped unwritten data, and the next sync
  /// may still report success. So nothing that this process wrote is reliable any more.
  var isFailedSync: Bool {
    code == extended(SQLITE_IOERR, 4) || code == extended(SQLITE_IOERR, 5)
  }

  /// Whether a COMMIT with this error certainly had no effect. This is so if it failed while it appended to the WAL:
  /// its commit frame is written last and is void unless it is whole. Any later failure (sync, wal-index) leaves a
  /// whole frame, which a recovery would find.
  var leavesCommitUndone: Bool {
    code & 0xFF == SQLITE_FULL || code == extended(SQLITE_IOERR, 3)
  }
}

extension SQLError.Constraint {
  init(code: Int32) {
    self =
      switch code >> 8 {
      case 1: .check
      case 3: .foreignKey
      case 5: .notNull
      case 6: .primaryKey
      case 7: .trigger
      case 8: .unique
      // A duplicate rowid is a duplicate primary key.
      case 10: .primaryKey
      case 12: .dataType
      default: .other
      }
  }
}

/// Returns an extended code: the primary code in the low byte, the kind above it. Swift does not import SQLite's
/// macros.
func extended(_ code: Int32, _ kind: Int32) -> Int32 { code | kind << 8 }
