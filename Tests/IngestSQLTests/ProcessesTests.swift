import Dispatch
import IngestSQL
import IngestTestKit
import Testing

@Suite("Several processes on one file")
struct ProcessesTests {
  @Test("a new file that many processes open at once is created and migrated once")
  func openedAtOnce() async throws {
    for _ in 0..<5 {
      try await TemporaryFolder.with { folder in
        let path = folder.file("t.db")
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<8 {
            group.addTask {
              let database = try Database(
                path: path, options: options { $0.migrations = [table, MigrationTests.second] })
              try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES (\("\(number)"))") }
              await database.close()
            }
          }
          try await group.waitForAll()
        }
        let database = try Database(path: path, options: options { $0.migrations = [table, MigrationTests.second] })
        let (rows, vacuum) = try await database.read { db in
          (
            try db.first("SELECT count(*) FROM more") { $0.int(0) },
            try db.first("PRAGMA auto_vacuum") { $0.int(0) }
          )
        }
        #expect(rows == 8 && vacuum == 2)
        await database.close()
      }
    }
  }

  @Test("processes that write at the same time all get their turn, and none sees a lock error")
  func fairness() async throws {
    try await TemporaryFolder.with { folder in
      let path = folder.file("t.db")
      try await Database(path: path, options: options()).close()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for process in 0..<3 {
          group.addTask {
            await #expect(processExitsWith: .success) { [path = path as String, process = process as Int] in
              try await contend(path, process)
            }
          }
        }
        try await group.waitForAll()
      }
      let database = try Database(path: path, options: options())
      let counts = try await database.read { db in
        try db.rows("SELECT count(*) FROM t GROUP BY substr(v, 1, 1)") { $0.int(0) }
      }
      #expect(counts.count == 3 && counts.allSatisfy { $0 > 400 })
      await database.close()
    }
  }

  @Test("a lock that is held beyond the limit is reported as busy, and nothing is written")
  func busy() async throws {
    try await withDatabase { holder, folder in
      let other = try Database(path: folder.file("t.db"), options: options { $0.busy.limit = .milliseconds(20) })
      try await holder.write { _ in
        // The lock is held while this body runs.
        let waited = DispatchSemaphore(value: 0)
        Task {
          await #expect {
            try await other.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('late')") }
          } throws: { error in (error as? SQLError)?.isBusy == true }
          waited.signal()
        }
        waited.wait()
      }
      try await other.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('in time')") }
      #expect(try await holder.read { db in try db.rows("SELECT v FROM t") { $0.text(0) } } == ["in time"])
      await other.close()
    }
  }
}

/// Commits rows from 4 tasks until each of the three processes has committed 400 since all of them started.
private func contend(_ path: String, _ process: Int) async throws {
  let database = try Database(path: path, options: options { $0.mode = .existing })
  let number = Box(0)
  @Sendable func commit() async throws {
    let own = number.next()
    // The others had twenty chances for each of their rows, so one of them gets no turn.
    precondition(own < 8000, "another process has not committed 400 rows")
    try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES (\("\(process)-\(own)"))") }
  }
  /// Returns whether each process has committed its row of this number.
  @Sendable func haveAll(_ number: Int) async throws -> Bool {
    try await database.read { db in
      let names = (0..<3).map { "\($0)-\(number)" }
      return try db.first("SELECT count(*) FROM t WHERE v IN (\(names[0]), \(names[1]), \(names[2]))") { $0.int(0) }
        == 3
    }
  }
  try await commit()
  try await eventually("every process has started") { try await haveAll(0) }
  try await withThrowingTaskGroup(of: Void.self) { group in
    for _ in 0..<4 {
      group.addTask {
        while try await !haveAll(400) { try await commit() }
      }
    }
    try await group.waitForAll()
  }
  await database.close()
}
