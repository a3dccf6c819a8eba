/// The migration of a file to the schema of this program.
///
/// Safe when several processes start at once: each migration is one transaction that first checks again what was
/// applied.
struct Migrator {
  private let options: DatabaseOptions
  private var migrations: [Migration] { options.migrations }

  init(options: DatabaseOptions) {
    self.options = options
  }

  /// Applies pending migrations, if the options allow it.
  /// - Throws: ``SQLError/newer(_:found:known:)``, ``SQLError/changedMigration(_:number:)``,
  ///   ``SQLError/pendingMigrations(_:names:)``.
  func bringUp(_ connection: Connection) throws(SQLError) {
    guard !migrations.isEmpty else { return }
    let pending = try pending(connection, applied(connection))
    guard !pending.isEmpty else { return }
    guard options.appliesMigrations, options.mode != .readOnly else {
      let message = "the schema lacks \(pending.count) migration(s) of this program"
      throw .pendingMigrations(.init(path: connection.path, message: message), names: pending.map(\.name))
    }
    // A migration may rebuild a table that others refer to. All references are checked before it commits.
    try connection.script("PRAGMA foreign_keys=OFF")
    for migration in pending { try apply(migration, connection) }
    try connection.script("PRAGMA foreign_keys=ON")
  }

  func status(_ connection: Connection) throws(SQLError) -> [MigrationStatus] {
    let applied = try applied(connection)
    _ = try pending(connection, applied)
    return migrations.map { migration in
      let appliedAt = applied.first { $0.number == migration.number }?.appliedAt
      return MigrationStatus(number: migration.number, name: migration.name, appliedAt: appliedAt)
    }
  }

  private struct Applied {
    var number: Int
    var checksum: Int64
    var appliedAt: Int64
  }

  private func applied(_ connection: Connection) throws(SQLError) -> [Applied] {
    try connection.typed { () throws in
      guard
        try connection.first("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'", { _ in true }) != nil
      else { return [] }
      return try connection.rows("SELECT number, checksum, applied_at FROM schema_migrations ORDER BY number") {
        Applied(number: $0.int(0), checksum: $0.int64(1), appliedAt: $0.int64(2))
      }
    }
  }

  private func pending(_ connection: Connection, _ applied: [Applied]) throws(SQLError) -> [Migration] {
    let known = migrations.map(\.number).max() ?? 0
    for row in applied {
      guard let migration = migrations.first(where: { $0.number == row.number }) else {
        let message = "the schema has migration \(row.number), which this program does not know (it knows \(known))"
        throw .newer(.init(path: connection.path, message: message), found: row.number, known: known)
      }
      guard migration.checksum == row.checksum else {
        let message = "migration \(migration.name) was applied with a different text than this program has"
        throw .changedMigration(.init(path: connection.path, message: message), number: row.number)
      }
    }
    return migrations.filter { migration in !applied.contains { $0.number == migration.number } }
      .sorted { $0.number < $1.number }
  }

  private func apply(_ migration: Migration, _ connection: Connection) throws(SQLError) {
    _ = try connection.busy.retry { () throws(SQLError) in try connection.run(Dialect.sqlite.beginWrite) }
    do throws(SQLError) {
      try connection.syncName()
      try connection.run(
        """
        CREATE TABLE IF NOT EXISTS schema_migrations (
          number INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          checksum INTEGER NOT NULL,
          applied_at INTEGER NOT NULL
        ) STRICT
        """)
      let applied = try applied(connection)
      // Another process, even of a newer program, may have migrated the file since.
      if try pending(connection, applied).contains(migration) {
        try connection.script(migration.text)
        guard !connection.isOutsideTransaction else {
          let message = "migration \(migration.name) ends its own transaction"
          throw SQLError.failed(.init(path: connection.path, message: message))
        }
        try checkReferences(migration, connection)
        try connection.run(
          """
          INSERT INTO schema_migrations (number, name, checksum, applied_at)
          VALUES (\(migration.number), \(migration.name), \(migration.checksum), \(options.now()))
          """)
      }
      _ = try connection.busy.retry { () throws(SQLError) in try connection.run("COMMIT") }
    } catch {
      if !connection.isOutsideTransaction { try connection.run("ROLLBACK") }
      if error.isFailedSync { options.onFatal(error) }
      throw error
    }
  }

  private func checkReferences(_ migration: Migration, _ connection: Connection) throws(SQLError) {
    let table = try connection.typed { try connection.first("PRAGMA foreign_key_check") { $0.text(0) } }
    guard let table else { return }
    let message = "migration \(migration.name) leaves rows of \(table) that refer to missing rows"
    throw .constraint(.foreignKey, .init(path: connection.path, message: message))
  }
}

extension Connection {
  /// Runs a body of this module and throws only ``SQLError``: the row closures of this module throw nothing else.
  func typed<T>(_ body: () throws -> T) throws(SQLError) -> T {
    do {
      return try body()
    } catch let error as SQLError {
      throw error
    } catch {
      throw .failed(.init(path: path, message: "\(error)"))
    }
  }
}
