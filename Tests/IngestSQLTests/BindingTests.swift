import IngestSQL
import IngestTestKit
import Testing

@Suite("Values by interpolation")
struct BindingTests {
  @Test("every type comes back as it went in, NUL bytes and empty blobs included")
  func roundTrip() async throws {
    try await TemporaryFolder.with { folder in
      let database = try Database(path: folder.file("t.db"))
      let none: String? = nil
      try await database.write { db in
        try db.script("CREATE TABLE t (id INTEGER PRIMARY KEY, v)")
        let values: [SQLValue] = [
          .integer(.min), .integer(.max), .real(0.1), .text(""), .text("a\0b"), .text("naïve 文 🙂"), .blob([]),
          .blob([0, 255]),
          .null,
        ]
        for value in values { try db.run("INSERT INTO t (v) VALUES (\(value))") }
        try db.run("INSERT INTO t (v) VALUES (\(none))")
        try db.run("INSERT INTO t (v) VALUES (\(true))")
        try db.run("INSERT INTO t (v) VALUES (\([UInt8]()))")
      }
      let back = try await database.read { db in try db.rows("SELECT v, length(v) FROM t ORDER BY id") { $0.value(0) } }
      #expect(
        back == [
          .integer(.min), .integer(.max), .real(0.1), .text(""), .text("a\0b"), .text("naïve 文 🙂"), .blob([]),
          .blob([0, 255]),
          .null, .null, .integer(1), .blob([]),
        ])
      await database.close()
    }
  }
}
