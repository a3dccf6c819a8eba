internal import CSQLite

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

  /// Copies the whole WAL into the file and cuts it down to nothing, as far as nobody reads from it: for the end of a large
  /// piece of work, since the file itself shrinks only then. Writers are held off for the last few frames alone.
  /// - Returns: whether it was cut; where somebody was in the way, a later checkpoint does it.
  package func truncateLog() async throws -> Bool {
    let path = path
    let options = options
    let body: @Sendable () throws -> Bool = {
      let connection = try Connection.open(path, options, as: .checkpointer)
      // What can be copied without anybody's waiting comes first.
      try connection.checkpoint(SQLITE_CHECKPOINT_PASSIVE)
      return try connection.checkpoint(SQLITE_CHECKPOINT_TRUNCATE)
    }
    guard options.execution == .threads else { return try body() }
    return try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Bool, any Error>) in
      let code = DedicatedThread.start { continuation.resume(with: Result { try body() }) }
      guard code != 0 else { return }
      continuation.resume(
        throwing: SQLError.failed(.init(path: path, message: "no thread for the checkpoint (error \(code))")))
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
