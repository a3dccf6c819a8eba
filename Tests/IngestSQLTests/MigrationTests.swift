import IngestSQL
import IngestTestKit
import Testing

@Suite("Migrations")
struct MigrationTests {
  static let second = migration(
    "0002_more.sql",
    """
    CREATE TABLE more (id INTEGER PRIMARY KEY, t INTEGER REFERENCES t (id), note TEXT DEFAULT 'a;b') STRICT;
    CREATE TRIGGER added AFTER INSERT ON t BEGIN INSERT INTO more (t) VALUES (new.id); SELECT 1; END;
    """)

  @Test("pending migrations are applied once, in the order of their numbers")
  func inOrder() async throws {
    try await TemporaryFolder.with { folder in
      let path = folder.file("t.db")
      for _ in 0..<2 {
        let database = try Database(path: path, options: options { $0.migrations = [Self.second, table] })
        try await database.write { db in _ = try db.run("INSERT OR IGNORE INTO t (v) VALUES ('x')") }
        await database.close()
      }
      let applied = try Database.migrationStatus(path: path, migrations: [table, Self.second])
      #expect(applied.map(\.name) == ["0001_table", "0002_more"])
      #expect(applied.allSatisfy { ($0.appliedAt ?? 0) > 1_700_000_000_000_000 })
    }
  }

  @Test("a file with an unknown migration is refused and not changed")
  func newer() async throws {
    try await TemporaryFolder.with { folder in
      let path = folder.file("t.db")
      try await Database(path: path, options: options { $0.migrations = [table, Self.second] }).close()
      let error = #expect(throws: SQLError.self) { try Database(path: path, options: options()) }
      guard case .newer(_, found: 2, known: 1) = error else {
        return #expect(Bool(false), "\(String(describing: error))")
      }
    }
  }

  @Test("a file whose migration was applied from another text is refused")
  func changed() async throws {
    try await TemporaryFolder.with { folder in
      let path = folder.file("t.db")
      try await Database(path: path, options: options()).close()
      let other = migration("0001_table.sql", table.text + " ")
      let error = #expect(throws: SQLError.self) {
        try Database(path: path, options: options { $0.migrations = [other] })
      }
      guard case .changedMigration(_, number: 1) = error else {
        return #expect(Bool(false), "\(String(describing: error))")
      }
    }
  }

  @Test("a failed migration leaves nothing behind, and the earlier ones in place")
  func failing() throws {
    try TemporaryFolder.with { folder in
      let path = folder.file("t.db")
      let broken = migration("0002_broken.sql", "CREATE TABLE half (x); INSERT INTO nowhere VALUES (1);")
      #expect(throws: SQLError.self) { try Database(path: path, options: options { $0.migrations = [table, broken] }) }
      let orphans = migration(
        "0002_orphans.sql", "CREATE TABLE half (x REFERENCES t (id)); INSERT INTO half VALUES (9);")
      let error = #expect(throws: SQLError.self) {
        try Database(path: path, options: options { $0.migrations = [table, orphans] })
      }
      guard case .constraint(.foreignKey, _) = error else {
        return #expect(Bool(false), "\(String(describing: error))")
      }
      let ends = migration("0002_ends.sql", "CREATE TABLE half (x); COMMIT;")
      #expect(throws: SQLError.self) { try Database(path: path, options: options { $0.migrations = [table, ends] }) }
      let status = try Database.migrationStatus(path: path, migrations: [table, Self.second])
      #expect(status.map { $0.appliedAt != nil } == [true, false])
    }
  }

  @Test("without permission to migrate, the error names the pending migrations")
  func pending() async throws {
    try await TemporaryFolder.with { folder in
      let path = folder.file("t.db")
      try await Database(path: path, options: options()).close()
      let error = #expect(throws: SQLError.self) {
        try Database(
          path: path,
          options: options {
            $0.migrations = [table, Self.second]
            $0.appliesMigrations = false
          })
      }
      guard case .pendingMigrations(_, names: ["0002_more"]) = error else {
        return #expect(Bool(false), "\(String(describing: error))")
      }
    }
  }

  @Test("a migration without a number is refused")
  func unnumbered() {
    #expect(Migration(name: "table.sql", text: "") == nil)
  }
}
