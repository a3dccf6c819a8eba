import Dispatch
import IngestSQL
import IngestTestKit
import Testing

@Suite("Readers")
struct ReaderTests {
  @Test("a read sees one commit from its first statement to its last")
  func snapshot() async throws {
    try await withDatabase { database, _ in
      let hasRead = DispatchSemaphore(value: 0)
      let hasWritten = DispatchSemaphore(value: 0)
      async let counts = database.read { db in
        let first = try db.first("SELECT count(*) FROM t") { $0.int(0) }
        hasRead.signal()
        hasWritten.wait()
        return [first, try db.first("SELECT count(*) FROM t") { $0.int(0) }]
      }
      try await database.write { db in
        hasRead.wait()
        try db.run("INSERT INTO t (v) VALUES ('a')")
      }
      hasWritten.signal()
      #expect(try await counts == [0, 0])
      #expect(try await database.read { db in try db.first("SELECT count(*) FROM t") { $0.int(0) } } == 1)
    }
  }

  @Test("a long read delays no writer, however large the WAL grows")
  func longRead() async throws {
    try await withDatabase({ options in
      options.checkpointPages = 10
      options.busy.limit = Patience.limit * 6
    }) { database, _ in
      let hasRead = DispatchSemaphore(value: 0)
      let hasWritten = DispatchSemaphore(value: 0)
      async let read = database.read { db in
        _ = try db.first("SELECT count(*) FROM t") { $0.int(0) }
        hasRead.signal()
        hasWritten.wait()
      }
      try await database.write { _ in hasRead.wait() }
      let written = Box(0)
      async let writes: Void = {
        for number in 0..<200 {
          try await database.write { db in
            try db.run("INSERT INTO t (v, b) VALUES (\("\(number)"), zeroblob(20000))")
          }
          written.change { $0 += 1 }
        }
      }()
      // The reader ends only afterwards, so a write that waited for it, or for a checkpoint that waits for it, would
      // not end before.
      let result: Result<Void, any Error>
      do {
        result = .success(try await eventually("the writes end") { written.value == 200 })
      } catch { result = .failure(error) }
      hasWritten.signal()
      try await read
      try await writes
      try result.get()
    }
  }

  @Test("a reader cannot write")
  func queryOnly() async throws {
    try await withDatabase { database, _ in
      await #expect {
        try await database.read { db in _ = try db.run("INSERT INTO t (v) VALUES ('a')") }
      } throws: { error in
        if case .readOnly = error as? SQLError { true } else { false }
      }
    }
  }

  @Test("many simultaneous reads share a few connections, and a failed one leaves its connection usable")
  func pool() async throws {
    try await withDatabase({ $0.readers = 2 }) { database, _ in
      try await withThrowingTaskGroup(of: Int?.self) { group in
        for number in 0..<100 {
          group.addTask {
            do {
              return try await database.read { db in
                if number.isMultiple(of: 5) { throw Refused() }
                return try db.first("SELECT \(number)") { $0.int(0) }
              }
            } catch is Refused {
              return nil
            }
          }
        }
        let sum = try await group.reduce(0) { $0 + ($1 ?? 0) }
        #expect(sum == (0..<100).filter { !$0.isMultiple(of: 5) }.reduce(0, +))
      }
    }
  }
}
