internal import CSQLite
internal import Glibc

/// An online backup of one file.
struct Backup {
  let source: String
  let target: String

  func run(_ options: DatabaseOptions) throws(SQLError) {
    var status = stat()
    guard lstat(target, &status) != 0 else {
      throw .cannotOpen(.init(path: target, code: SQLITE_CANTOPEN, message: "a file of this name exists already"))
    }
    let partial = "\(target).partial"
    unlink(partial)
    do {
      try copy(to: partial, options)
      try publish(partial)
    } catch {
      unlink(partial)
      throw error
    }
  }

  private func copy(to partial: String, _ options: DatabaseOptions) throws(SQLError) {
    let from = try Connection.open(source, options, as: .reader)
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = sqlite3_open_v2(partial, &handle, flags, nil)
    defer { sqlite3_close_v2(handle) }
    guard code == SQLITE_OK, let handle else { throw SQLError(handle: handle, code: code, path: partial) }
    guard let backup = sqlite3_backup_init(handle, "main", from.handle, "main") else {
      throw SQLError(handle: handle, code: SQLITE_ERROR, path: partial)
    }
    // In one step, which is one read transaction: a backup in several steps would restart at each commit of another
    // connection.
    sqlite3_backup_step(backup, -1)
    let result = sqlite3_backup_finish(backup)
    guard result == SQLITE_OK else { throw SQLError(handle: handle, code: result, path: partial) }
  }

  /// Syncs the file, renames it and syncs its folder, so that either the whole copy exists under this name or nothing
  /// does.
  private func publish(_ partial: String) throws(SQLError) {
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "."
    try sync(partial)
    guard rename(partial, target) == 0 else { throw failed(SQLITE_IOERR) }
    try sync(folder)
  }

  private func sync(_ path: String) throws(SQLError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failed(SQLITE_CANTOPEN) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw failed(extended(SQLITE_IOERR, 4)) }
  }

  private func failed(_ code: Int32) -> SQLError {
    SQLError(code: code, detail: .init(path: target, code: code, message: String(cString: strerror(errno))))
  }
}
