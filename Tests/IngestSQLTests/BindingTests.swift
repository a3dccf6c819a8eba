import IngestSQL
import Testing

@Suite("Values by interpolation")
struct BindingTests {
  @Test("every type is read back as it was written, including NUL bytes and empty blobs")
  func roundTrip() async throws {
    let values: [SQLValue] = [
      .integer(.min), .integer(.max), .real(0.1), .text(""), .text("a\0b"), .text("naïve 文 🙂"), .blob([]),
      .blob([0, 255]), .null,
    ]
    try await withDatabase { database, _ in
      try await database.write { db in
        try db.script("CREATE TABLE any (id INTEGER PRIMARY KEY, v)")
        for value in values { try db.run("INSERT INTO any (v) VALUES (\(value))") }
      }
      let back = try await database.read { db in try db.rows("SELECT v FROM any ORDER BY id") { $0.value(0) } }
      #expect(back == values)
    }
  }

  @Test("Swift's own types are bound as SQLite stores them, and nil as NULL")
  func ownTypes() async throws {
    try await withDatabase { database, _ in
      try await database.read { db in
        let none: String? = nil
        let some: Int? = 7
        let types = try db.first(
          """
          SELECT typeof(\(1)), typeof(\(Int64(1))), typeof(\(1.5)), typeof(\(true)), typeof(\("x")),
            typeof(\([UInt8]())), typeof(\(none)), \(some), \(false), \(Double.nan)
          """
        ) { row in (0..<7).map { row.text($0) } + [row.value(7), row.value(8), row.value(9)].map { "\($0)" } }
        #expect(
          types == [
            "integer", "integer", "real", "integer", "text", "blob", "null", "integer(7)", "integer(0)", "null",
          ])
      }
    }
  }

  @Test("text that looks like SQL stays a value")
  func injection() async throws {
    let hostile = "'); DROP TABLE t; --"
    try await withDatabase { database, _ in
      try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES (\(hostile))") }
      let back = try await database.read { db in try db.rows("SELECT v FROM t") { $0.text(0) } }
      #expect(back == [hostile])
    }
  }

  @Test("fragments, nested statements and lists keep values and placeholders in the same order")
  func composition() {
    let filter: SQL = " AND source = \("handbook")"
    let statement: SQL = "SELECT \(raw: "id, v") FROM t WHERE id IN (\(list: [1, 2, 3]))\(sql: filter) LIMIT \(5)"
    #expect(statement.text() == "SELECT id, v FROM t WHERE id IN (?, ?, ?) AND source = ? LIMIT ?")
    #expect(
      statement.text(.postgres) == "SELECT id, v FROM t WHERE id IN ($1, $2, $3) AND source = $4 LIMIT $5")
    #expect(
      statement.values == [.integer(1), .integer(2), .integer(3), .text("handbook"), .integer(5)])
  }

  @Test("a NULL column is nil for the optional getters only")
  func nulls() async throws {
    try await withDatabase { database, _ in
      try await database.read { db in
        try db.each("SELECT NULL, 3, 'x', x'01'") { row in
          #expect(row.optionalInt(0) == nil && row.optionalText(0) == nil && row.optionalBlob(0) == nil)
          #expect(row.optionalBool(0) == nil && row.optionalDouble(0) == nil && row.optionalInt64(0) == nil)
          #expect(row.int(0) == 0 && row.text(0) == "" && row.blob(0) == [])
          #expect(row.optionalInt(1) == 3 && row.optionalText(2) == "x" && row.optionalBlob(3) == [1])
          #expect(row.columns == 4)
        }
      }
    }
  }
}
