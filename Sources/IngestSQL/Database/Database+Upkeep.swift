internal import CSQLite

extension Database {
  /// Checks the file and returns its problems in SQLite's words; empty if there are none.
  /// - Parameter quick: whether to skip the comparison of indexes with their tables, which takes many times as long.
  /// - Throws: ``SQLError/corrupt(_:)`` if the damage prevents the check from continuing.
  package func integrityProblems(quick: Bool = true) async throws -> [String] {
    try await read { db in
      let check: SQL = quick ? "PRAGMA quick_check(50)" : "PRAGMA integrity_check(50)"
      let damage = try db.rows(check) { $0.text(0) }.filter { $0 != "ok" }
      let references = try db.rows("PRAGMA foreign_key_check") { row in
        "row \(row.optionalInt64(1).map(String.init) ?? "?") of \(row.text(0)) refers to no row of \(row.text(2))"
      }
      return damage + references.prefix(50)
    }
  }

  /// Copies the state of the file after one commit to `target`, while others continue to read and write.
  ///
  /// The copy appears under its name only when it is whole and synced. The backup needs a thread and a read transaction
  /// until it is done, so the WAL grows in the meantime.
  /// - Throws: ``SQLError/cannotOpen(_:)`` if the target exists already.
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
        throwing: SQLError.failed(.init(path: source, message: "cannot start a backup thread (error \(code))")))
    }
  }

  /// Copies the whole WAL into the file and truncates the WAL, unless a reader still uses it. Call it after a large
  /// piece of work, since the file itself shrinks only then. It blocks writers only for the last few frames.
  /// - Returns: whether the WAL was truncated; if something blocked it, a later checkpoint does it.
  package func truncateLog() async throws -> Bool {
    let path = path
    let options = options
    let body: @Sendable () throws -> Bool = {
      let connection = try Connection.open(path, options, as: .checkpointer)
      // First copies what it can without blocking anyone.
      try connection.checkpoint(SQLITE_CHECKPOINT_PASSIVE)
      return try connection.checkpoint(SQLITE_CHECKPOINT_TRUNCATE)
    }
    guard options.execution == .threads else { return try body() }
    return try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Bool, any Error>) in
      let code = DedicatedThread.start { continuation.resume(with: Result { try body() }) }
      guard code != 0 else { return }
      continuation.resume(
        throwing: SQLError.failed(.init(path: path, message: "cannot start a checkpoint thread (error \(code))")))
    }
  }

  /// Returns each of this program's migrations and whether the file has it. It opens the file read-only.
  package static func migrationStatus(
    path: String, migrations: [Migration], busy: BusyPolicy = BusyPolicy()
  ) throws(SQLError) -> [MigrationStatus] {
    var options = DatabaseOptions(mode: .readOnly, migrations: migrations)
    options.busy = busy
    return try Migrator(options: options).status(Connection.open(path, options, as: .reader))
  }
}
