import IngestSQL
import Testing

@Suite("Statements")
struct StatementTests {
  @Test("a statement is prepared once for all its values")
  func prepared() async throws {
    try await withDatabase { database, _ in
      let kept = try await database.write { db in
        let before = db.cachedStatements
        for number in 0..<100 { try db.run("INSERT INTO t (v) VALUES (\("\(number)"))") }
        return db.cachedStatements - before
      }
      #expect(kept == 1)
    }
  }

  @Test("at most 256 statements are cached, and those in use stay valid")
  func bounded() async throws {
    try await withDatabase { database, _ in
      try await database.read { db in
        var sums: [Int] = []
        try db.each("SELECT column1 FROM (VALUES (1), (2))") { outer in
          for length in 1...300 {
            let ones = [Int](repeating: 1, count: length)
            let isIn = try db.first("SELECT 1 IN (\(list: ones))") { $0.bool(0) }
            #expect(isIn == true)
          }
          sums.append(outer.int(0))
        }
        #expect(sums == [1, 2])
        #expect(db.cachedStatements == 256)
      }
    }
  }

  @Test("a statement may run again within itself")
  func nested() async throws {
    @Sendable func count(_ db: Connection, below limit: Int, depth: Int) throws -> Int {
      var total = 0
      try db.each("SELECT column1 FROM (VALUES (1), (2), (3)) WHERE column1 <= \(limit)") { row in
        total += depth == 0 ? row.int(0) : try count(db, below: row.int(0), depth: depth - 1)
      }
      return total
    }
    try await withDatabase { database, _ in
      let total = try await database.read { db in try count(db, below: 3, depth: 2) }
      #expect(total == 1 + (1 + (1 + 2)) + (1 + (1 + 2) + (1 + 2 + 3)))
    }
  }

  @Test("run returns how many rows changed, and 0 if a statement changes none")
  func changes() async throws {
    try await withDatabase { database, _ in
      let changes = try await database.write { db in
        [
          try db.run("INSERT INTO t (v) VALUES ('a'), ('b'), ('c')"),
          try db.run("CREATE TABLE other (x)"),
          try db.run("UPDATE t SET v = v || 'x' WHERE id > \(1)"),
          try db.run("SELECT 1"),
          try db.run("UPDATE t SET v = 'z' WHERE id = \(99)"),
          try db.run("DELETE FROM t"),
        ]
      }
      #expect(changes == [3, 0, 2, 0, 0, 3])
    }
  }

  @Test("the first row of a write is not returned if a later check refuses the write")
  func lateRefusal() async throws {
    try await withDatabase { database, _ in
      try await database.write { db in
        try db.script("CREATE TABLE child (t INTEGER REFERENCES t (id))")
        #expect(throws: SQLError.self) {
          try db.first("INSERT INTO child (t) VALUES (99) RETURNING t") { $0.int(0) }
        }
      }
    }
  }

  @Test("reading only the first row of a write still writes the others")
  func returning() async throws {
    try await withDatabase { database, _ in
      let first = try await database.write { db in
        try db.first("INSERT INTO t (v) VALUES ('a'), ('b') RETURNING id") { $0.int(0) }
      }
      let count = try await database.read { db in try db.first("SELECT count(*) FROM t") { $0.int(0) } }
      #expect(first != nil && count == 2)
    }
  }

  @Test("an error names the statement, and a constraint error the constraint")
  func mistakes() async throws {
    try await withDatabase { database, _ in
      try await database.write { db in
        let mistake = #expect(throws: SQLError.self) { try db.run("SELEC 1") }
        #expect(mistake?.detail.sql == "SELEC 1")
        try db.script("CREATE TABLE c (id INTEGER PRIMARY KEY, n INTEGER NOT NULL CHECK (n > 0), p REFERENCES t (id))")
        try db.run("INSERT INTO c VALUES (1, 1, NULL)")
        try db.run("INSERT INTO t (v) VALUES ('a')")
        func rule(_ sql: SQL) -> SQLError.Constraint? {
          guard case .constraint(let rule, _) = #expect(throws: SQLError.self, performing: { try db.run(sql) }) else {
            return nil
          }
          return rule
        }
        #expect(rule("INSERT INTO t (v) VALUES ('a')") == .unique)
        #expect(rule("INSERT INTO c VALUES (1, 1, NULL)") == .primaryKey)
        #expect(rule("INSERT INTO c VALUES (2, 0, NULL)") == .check)
        #expect(rule("INSERT INTO c VALUES (2, NULL, NULL)") == .notNull)
        #expect(rule("INSERT INTO c VALUES (2, 1, 99)") == .foreignKey)
        #expect(rule("INSERT INTO t (v) VALUES (x'00')") == .dataType)
      }
    }
  }
}
