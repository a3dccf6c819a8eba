import Glibc
import IngestSQL
import IngestTestKit
import Testing

@Suite("Faults beneath SQLite")
struct FaultTests {
  @Test("when one write fills the database, that write fails and the others of its group are still written")
  func full() async throws {
    try await withDatabase { database, _ in
      // The limit also holds on a connection that is not reopened: a later group lifts it.
      try await database.write { db in _ = try db.run("PRAGMA max_page_count = 40") }
      let outcomes = await withTaskGroup(of: (Int, (any Error)?).self, returning: [Int: (any Error)?].self) { group in
        for number in 0..<60 {
          group.addTask {
            do {
              try await database.write { db in
                let size = number == 30 ? 400_000 : 10
                try db.run("INSERT INTO t (v, b) VALUES (\("\(number)"), zeroblob(\(size)))")
              }
              return (number, nil)
            } catch {
              return (number, error)
            }
          }
        }
        return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
      let failed = outcomes.filter { $0.value != nil }
      #expect(failed.keys.sorted() == [30])
      #expect((failed[30] as? SQLError)?.isFull == true)
      #expect(database.statistics.endedTransactions == 1)
      let count = try await database.read { db in try db.first("SELECT count(*) FROM t") { $0.int(0) } }
      #expect(count == 59)
    }
  }

  @Test("a commit that the disk refuses is known not to be made, and later commits succeed")
  func refusedCommit() async throws {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let database = try Database(path: folder.file("t.db"), options: options())
      try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('before')") }
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let before = limit.rlim_cur
      limit.rlim_cur = 65536
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let error = await #expect(throws: SQLError.self) {
        try await database.write { db in _ = try db.run("INSERT INTO t (v, b) VALUES ('large', zeroblob(200000))") }
      }
      switch error {
      case .inputOutput, .full: break
      default: Issue.record("\(String(describing: error))")
      }
      limit.rlim_cur = before
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('after')") }
      let kept = try await database.read { db in try db.rows("SELECT v FROM t ORDER BY id") { $0.text(0) } }
      #expect(kept == ["before", "after"])
      #expect(try await database.integrityProblems() == [])
    }
  }

  @Test("a failed sync ends the process before any caller gets an acknowledgement")
  func failedSync() async throws {
    await #expect(processExitsWith: .exitCode(42)) {
      let folder = try TemporaryFolder()
      let database = try Database(
        path: folder.file("t.db"), options: options { $0.onFatal = { _ in exit(42) } })
      try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('before')") }
      breakSyncs(of: folder.file("t.db-wal"))
      try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('lost')") }
      exit(1)
    }
  }

  @Test("if the program survives a failed sync, the caller learns that the outcome is unknown")
  func unknownOutcome() async throws {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let fatal = Box(0)
      let database = try Database(
        path: folder.file("t.db"), options: options { $0.onFatal = { _ in fatal.change { $0 += 1 } } })
      try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('before')") }
      breakSyncs(of: folder.file("t.db-wal"))
      let error = await #expect(throws: SQLError.self) {
        try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('lost')") }
      }
      guard case .outcomeUnknown = error else { fatalError("\(String(describing: error))") }
      guard fatal.value == 1 else { fatalError("the fatal error was not reported") }
      // This is a new connection.
      try await database.write { db in try db.run("INSERT INTO t (v) VALUES ('after')") }
      let kept = try await database.read { db in try db.rows("SELECT v FROM t ORDER BY id") { $0.text(0) } }
      guard kept == ["before", "after"] else { fatalError("\(kept)") }
    }
  }

  @Test("a hidden commit is reported as unknown to all its members, and is there")
  func hidden() async throws {
    let hides = Box(false)
    try await withDatabase({ $0.faults.hidesCommit = { hides.value } }) { database, _ in
      hides.change { $0 = true }
      await #expect(
        performing: {
          try await database.write { db in try db.run("INSERT INTO t (v) VALUES ('hidden')") }
        },
        throws: { error in
          if case .outcomeUnknown = error as? SQLError { true } else { false }
        })
      hides.change { $0 = false }
      try await database.write { db in try db.run("INSERT INTO t (v) VALUES ('after')") }
      let kept = try await database.read { db in try db.rows("SELECT v FROM t ORDER BY id") { $0.text(0) } }
      #expect(kept == ["hidden", "after"])
    }
  }

  @Test("the flags of a commit that may have taken place are passed on")
  func hiddenFlags() async throws {
    let flagged = Box<UInt64>(0)
    try await withDatabase({
      $0.faults.hidesCommit = { true }
      $0.onCommit = { flags in flagged.change { $0 |= flags } }
    }) { database, _ in
      _ = try? await database.write { db in
        try db.run("INSERT INTO t (v) VALUES ('work')")
        db.flag(4)
      }
      #expect(flagged.value == 4)
    }
  }

  @Test("SQLite runs an injected bug in place of the statement")
  func injected() async throws {
    try await withDatabase({
      $0.faults.statement = { name, text in name == "insert" ? "INSERT INTO t (v) VALUES (upper(?1))" : text }
    }) { database, _ in
      try await database.write { db in
        try db.run(SQL(named: "insert", "INSERT INTO t (v) VALUES (\("small"))"))
      }
      let kept = try await database.read { db in try db.rows("SELECT v FROM t") { $0.text(0) } }
      #expect(kept == ["SMALL"])
    }
  }
}

/// Puts `/dev/null` in the place of the open file: writes still succeed, syncs fail.
private func breakSyncs(of path: String) {
  let null = open("/dev/null", O_RDWR)
  for file in Int32(3)..<256 where file != null {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/fd/\(file)", &buffer, buffer.count - 1)
    guard count > 0 else { continue }
    if String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) == path {
      dup2(null, file)
    }
  }
}
