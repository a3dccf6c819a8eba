import Glibc
import IngestSQL
import IngestTestKit
import Testing

@Suite("Maintenance")
struct UpkeepTests {
  @Test("a backup during writes is the complete state of one commit, and opens as a database")
  func backup() async throws {
    try await withDatabase { database, folder in
      let copy = folder.file("copy.db")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<200 {
          group.addTask {
            try await database.write { db in
              try db.run("INSERT INTO t (v) VALUES (\("\(number) a"))")
              try db.run("INSERT INTO t (v) VALUES (\("\(number) b"))")
            }
          }
        }
        try await database.backup(to: copy)
        try await group.waitForAll()
      }
      let restored = try Database(path: copy, options: options { $0.mode = .existing })
      let count = try await restored.read { db in try db.first("SELECT count(*) FROM t") { $0.int(0) } ?? 1 }
      #expect(count.isMultiple(of: 2))
      #expect(try await restored.integrityProblems(quick: false) == [])
      await restored.close()
      #expect(access("\(copy).partial", F_OK) != 0)
      await #expect(throws: SQLError.self) { try await database.backup(to: copy) }
    }
  }

  @Test("the integrity check finds rows that refer to missing rows")
  func references() async throws {
    try await withDatabase { database, folder in
      try await database.write { db in
        try db.script(
          """
          CREATE TABLE orphan (x INTEGER);
          INSERT INTO orphan VALUES (9);
          PRAGMA writable_schema = ON;
          UPDATE sqlite_schema SET sql = 'CREATE TABLE orphan (x INTEGER REFERENCES t (id))' WHERE name = 'orphan';
          """)
      }
      let again = try Database(path: folder.file("t.db"), options: options())
      #expect(try await again.integrityProblems() == ["row 1 of orphan refers to no row of t"])
      await again.close()
    }
  }
}
