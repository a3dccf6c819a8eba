internal import CSQLite
internal import Glibc

extension Database {
  /// What is wrong with the file, in SQLite's words; empty when nothing is.
  /// - Parameter quick: Leaves out whether indexes agree with their tables, which takes many times as long.
  /// - Throws: ``SQLError/corrupt(_:)`` when it is too damaged to look any further.
  package func integrityProblems(quick: Bool = true) async throws -> [String] {
    try await read { db in
      let check: SQL = quick ? "PRAGMA quick_check(50)" : "PRAGMA integrity_check(50)"
      let damage = try db.rows(check) { $0.text(0) }.filter { $0 != "ok" }
      let references = try db.rows("PRAGMA foreign_key_check") { row in
        "row \(row.optionalInt64(1).map(String.init) ?? "?") of \(row.text(0)) refers to nothing in \(row.text(2))"
      }
      return damage + references.prefix(50)
    }
  }

  /// Copies one commit's state of the file to `target` while others go on reading and writing.
  ///
  /// The copy appears under its name only when it is whole and synced. It takes a thread and a read transaction for as
  /// long as it lasts, so the WAL grows meanwhile.
  /// - Throws: ``SQLError/cannotOpen(_:)`` when something is there already.
  package func backup(to target: String) async throws {
    let source = path
    let options = options
    guard options.execution == .threads else { return try Backup(source: source, target: target).run(options) }
    try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
      let code = DedicatedThread.start {
        continuation.resume(with: Result { try Backup(source: source, target: target).run(options) })
      }
      guard code != 0 else { return }
      continuation.resume(
        throwing: SQLError.failed(.init(path: source, message: "no thread for the backup (error \(code))")))
    }
  }

  /// Each of this program's migrations and whether the file has it; opens the file only to look.
  package static func migrationStatus(
    path: String, migrations: [Migration], busy: BusyPolicy = BusyPolicy()
  ) throws(SQLError) -> [MigrationStatus] {
    var options = DatabaseOptions(mode: .readOnly, migrations: migrations)
    options.busy = busy
    return try Migrator(options: options).status(Connection.open(path, options, as: .reader))
  }
}

/// One online backup.
private struct Backup {
  let source: String
  let target: String

  func run(_ options: DatabaseOptions) throws(SQLError) {
    var status = stat()
    guard lstat(target, &status) != 0 else {
      throw .cannotOpen(.init(path: target, code: SQLITE_CANTOPEN, message: "there is something of this name already"))
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
    // In one step, which is one read transaction: a backup in many would start again at every commit of another.
    sqlite3_backup_step(backup, -1)
    let result = sqlite3_backup_finish(backup)
    guard result == SQLITE_OK else { throw SQLError(handle: handle, code: result, path: partial) }
  }

  /// Syncs the file, renames it and syncs its folder, so that the name stands for a whole copy or for nothing.
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
