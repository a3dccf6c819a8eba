import Dispatch
import IngestSQL
import IngestTestKit
import Testing

@Suite("Grouped commits")
struct GroupCommitTests {
  @Test("simultaneous writes share commits, and each is stored when it returns")
  func grouping() async throws {
    try await withDatabase({ $0.groupTime = .seconds(3600) }) { database, _ in
      let before = database.statistics
      let areQueued = DispatchSemaphore(value: 0)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addImmediateTask { try await database.write { _ in areQueued.wait() } }
        // An immediate task runs until it waits for its write.
        for number in 0..<400 {
          group.addImmediateTask {
            try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES (\("\(number)"))") }
            let seen = try await database.read { db in
              try db.first("SELECT 1 FROM t WHERE v = \("\(number)")") { _ in true }
            }
            #expect(seen == true)
          }
        }
        areQueued.signal()
        try await group.waitForAll()
      }
      let statistics = database.statistics
      #expect(statistics.members - before.members == 401)
      #expect(statistics.commits - before.commits == 2, "a group has at most \(DatabaseOptions().groupLimit) members")
    }
  }

  @Test("a body that fails undoes its own work and nothing of the others")
  func failure() async throws {
    try await withDatabase { database, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<200 {
          group.addTask {
            do {
              try await database.write { db in
                try db.run("INSERT INTO t (v) VALUES (\("\(number)"))")
                if number.isMultiple(of: 3) { throw Refused() }
              }
              #expect(!number.isMultiple(of: 3))
            } catch is Refused {
              #expect(number.isMultiple(of: 3))
            }
          }
        }
        try await group.waitForAll()
      }
      let kept = try await database.read { db in
        try db.rows("SELECT CAST(v AS INTEGER) FROM t ORDER BY 1") { $0.int(0) }
      }
      #expect(kept == (0..<200).filter { !$0.isMultiple(of: 3) })
    }
  }

  @Test("the flags of committed bodies are passed on, those of failed ones are not")
  func flags() async throws {
    let seen = Box<UInt64>(0)
    try await withDatabase({ options in options.onCommit = { bits in seen.change { $0 |= bits } } }) { database, _ in
      await withTaskGroup(of: Void.self) { group in
        for bit in UInt64(0)..<40 {
          group.addTask {
            try? await database.write { db in
              db.flag(1 << bit)
              try db.run("INSERT INTO t (v) VALUES (\("\(bit)"))")
              if bit.isMultiple(of: 2) { throw Refused() }
            }
            // They are passed on before the body's caller continues.
            if !bit.isMultiple(of: 2) { #expect(seen.value & 1 << bit != 0) }
          }
        }
      }
    }
    let odd = (UInt64(0)..<40).filter { !$0.isMultiple(of: 2) }.reduce(0) { $0 | 1 << $1 }
    #expect(seen.value == odd)
  }

  @Test("a group ends at its limit")
  func limit() async throws {
    try await withDatabase({ $0.groupLimit = 4 }) { database, _ in
      let before = database.statistics
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<64 {
          group.addTask {
            try? await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES (\("\(number)"))") }
          }
        }
      }
      #expect(database.statistics.commits - before.commits >= 16)
    }
  }

  @Test("a cancelled task can still write, since it must release what it holds")
  func cancelled() async throws {
    try await withDatabase { database, _ in
      let task = Task {
        while !Task.isCancelled { await Task.yield() }
        try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('released')") }
      }
      task.cancel()
      try await task.value
    }
  }

  @Test("when writes run on the caller, every body has its own transaction and the same promises")
  func onCaller() async throws {
    try await withDatabase({ $0.execution = .caller }) { database, _ in
      try await database.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('a')") }
      await #expect(throws: Refused.self) {
        try await database.write { db in
          try db.run("INSERT INTO t (v) VALUES ('b')")
          throw Refused()
        }
      }
      let kept = try await database.read { db in try db.rows("SELECT v FROM t") { $0.text(0) } }
      #expect(kept == ["a"])
      #expect(database.statistics.commits == 1)
    }
  }

  @Test("after close every call is refused, and earlier queued writes are done")
  func closing() async throws {
    try await withDatabase { database, folder in
      async let write: Void = database.write { db in _ = try db.run("INSERT INTO t (v) VALUES ('a')") }
      try await write
      await database.close()
      await #expect { try await database.write { _ in } } throws: { error in
        if case .closed = error as? SQLError { true } else { false }
      }
      await #expect { try await database.read { _ in } } throws: { error in
        if case .closed = error as? SQLError { true } else { false }
      }
      let again = try Database(path: folder.file("t.db"), options: options())
      #expect(try await again.read { db in try db.rows("SELECT v FROM t") { $0.text(0) } } == ["a"])
      await again.close()
    }
  }
}
