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
              let longest = try await contend(path, process)
              // A commit takes milliseconds even on a busy disk; ten seconds mean that a process was starved.
              guard longest < .seconds(10) else { fatalError("waited \(longest)") }
            }
          }
        }
        try await group.waitForAll()
      }
      let database = try Database(path: path, options: options())
      let counts = try await database.read { db in
        try db.rows("SELECT count(*) FROM t GROUP BY substr(v, 1, 1)") { $0.int(0) }
      }
      #expect(counts == [400, 400, 400])
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

/// Commits 400 rows from 4 tasks. - Returns: the time of the slowest write.
private func contend(_ path: String, _ process: Int) async throws -> Duration {
  let database = try Database(path: path, options: options { $0.mode = .existing })
  let longest = try await withThrowingTaskGroup(of: Duration.self) { group in
    for task in 0..<4 {
      group.addTask {
        var longest = Duration.zero
        for number in 0..<100 {
          let start = ContinuousClock.now
          try await database.write { db in
            _ = try db.run("INSERT INTO t (v) VALUES (\("\(process)-\(task)-\(number)"))")
          }
          longest = max(longest, ContinuousClock.now - start)
        }
        return longest
      }
    }
    return try await group.reduce(.zero) { max($0, $1) }
  }
  await database.close()
  return longest
}
