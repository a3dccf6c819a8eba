import Glibc
import IngestSQL
import IngestTestKit
import Testing

@Suite("Opening")
struct OpeningTests {
  @Test("a new file has the settings that only a new file can take, and every connection has the others")
  func settings() async throws {
    try await withDatabase({ $0.pageSize = 8192 }) { database, _ in
      let settings = { @Sendable (db: Connection) throws -> [String?] in
        let pragmas: [SQL] = [
          "PRAGMA journal_mode", "PRAGMA auto_vacuum", "PRAGMA page_size", "PRAGMA synchronous", "PRAGMA foreign_keys",
          "PRAGMA trusted_schema", "PRAGMA temp_store",
        ]
        return try pragmas.map { pragma in try db.first(pragma) { $0.text(0) } }
      }
      let writer = try await database.write(settings)
      let reader = try await database.read(settings)
      let expected = ["wal", "2", "8192", "2", "1", "0", "2"]
      #expect(writer == expected)
      #expect(reader == expected)
    }
  }

  @Test("an error for a path that cannot be opened says why, and nothing is created there")
  func refusals() throws {
    try TemporaryFolder.with { folder in
      func refusal(_ path: String, _ mode: DatabaseOptions.Mode) throws -> SQLError {
        try #require(throws: SQLError.self) { try Database(path: path, options: DatabaseOptions(mode: mode)) }
      }
      let missing = folder.file("missing.db")
      for mode in [DatabaseOptions.Mode.existing, .readOnly] {
        guard case .missing = try refusal(missing, mode) else { return #expect(Bool(false), "\(mode)") }
      }
      guard case .missing = try refusal(folder.file("no/such/folder.db"), .create) else { return #expect(Bool(false)) }
      guard case .isFolder = try refusal(folder.path, .create) else { return #expect(Bool(false)) }
      #expect(access(missing, F_OK) != 0)

      let text = folder.file("text.db")
      try write([UInt8](repeating: 65, count: 5000), to: text)
      let error = try refusal(text, .existing)
      guard case .notADatabase = error else { return #expect(Bool(false), "\(error)") }
      #expect(error.isCorrupt && error.path == text && error.code == 26)
    }
  }

  @Test("a read-only folder and a read-only file are reported as such")
  func permissions() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let path = folder.file("t.db")
      try await Database(path: path, options: options()).close()
      chmod(path, 0o444)
      chmod(folder.path, 0o555)
      if geteuid() == 0 { seteuid(65534) }
      defer { if getuid() == 0 { seteuid(0) } }
      do throws(SQLError) {
        _ = try Database(path: folder.file("new.db"))
        fatalError("made a file in a folder that may not be written")
      } catch {
        guard case .cannotOpen = error else { fatalError("\(error)") }
      }
      do throws(SQLError) {
        _ = try Database(path: path)
        fatalError("opened a file that may not be written")
      } catch {
        guard case .readOnly = error else { fatalError("\(error)") }
      }
    }
  }

  @Test("a damaged file is reported and not changed")
  func corrupt() async throws {
    try await TemporaryFolder.with { folder in
      let path = folder.file("t.db")
      let database = try Database(path: path, options: options())
      try await database.write { db in
        for number in 0..<500 { try db.run("INSERT INTO t (v, b) VALUES (\("\(number)"), zeroblob(300))") }
      }
      await database.close()
      var bytes = try read(path)
      for position in 4096..<bytes.count { bytes[position] = 0xA5 }
      try write(bytes, to: path)
      let damaged: Database
      do throws(SQLError) {
        damaged = try Database(path: path, options: options())
      } catch {
        #expect(error.isCorrupt)
        return #expect(try read(path).count == bytes.count)
      }
      await #expect {
        let problems = try await damaged.integrityProblems()
        if !problems.isEmpty { throw Refused() }
      } throws: { error in
        error is Refused || (error as? SQLError)?.isCorrupt == true
      }
      await damaged.close()
    }
  }

  @Test("a database that is opened for reading is not written")
  func readOnly() async throws {
    try await withDatabase { database, folder in
      try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('a')") }
      var options = options()
      options.mode = .readOnly
      let reader = try Database(path: folder.file("t.db"), options: options)
      #expect(try await reader.read { db in try db.rows("SELECT v FROM t") { $0.text(0) } } == ["a"])
      await #expect {
        try await reader.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('b')") }
      } throws: { error in
        if case .readOnly = error as? SQLError { true } else { false }
      }
      await reader.close()
    }
  }

  @Test("the last connection to close leaves a single file")
  func lastClose() async throws {
    try await TemporaryFolder.with { folder in
      let path = folder.file("t.db")
      let database = try Database(path: path, options: options())
      try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('a')") }
      _ = try await database.read { db in try db.first("SELECT 1") { $0.int(0) } }
      await database.close()
      #expect(access("\(path)-wal", F_OK) != 0)
    }
  }

  @Test("the WAL is copied into the database file while writes continue")
  func checkpoints() async throws {
    try await withDatabase({ $0.checkpointPages = 10 }) { database, folder in
      let number = Box(0)
      try await eventually("a checkpoint makes the database file longer") {
        try await database.write { db in
          try db.run("INSERT INTO t (v, b) VALUES (\("\(number.next())"), zeroblob(2000))")
        }
        var status = stat()
        stat(folder.file("t.db"), &status)
        return status.st_size >= 100_000
      }
    }
  }

  private func read(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var status = stat()
    fstat(fileno(file), &status)
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    #expect(fread(&bytes, 1, bytes.count, file) == bytes.count)
    return bytes
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}
