import CFaultyVFS
import Dispatch
import Glibc
import IngestBlobs
import IngestCore
import IngestDigest
import IngestIndex
import IngestSQL
import IngestStore
import IngestTestKit
import Synchronization
import Testing

/// Each bug breaks one rule that the power-loss tests rely on. The tests must find it.
@Suite("Power loss with injected bugs", .enabled(if: ingestd_io_sees_calls()))
struct InjectedBugTests {
  /// Returns the first broken promise at any point of these acts; empty if there is none.
  private func find(
    _ injection: Machine.BugInjection = Machine.BugInjection(), in acts: Act...,
    decide: (@Sendable (WatchedDisk.Request) -> WatchedDisk.Verdict)? = nil
  ) async throws -> String {
    let run = try await RecordedRun.make(injection, decide)
    var points = CrashPoints(log: run.log, ledger: run.ledger)
    try await points.run(acts.flatMap { Array(run.points(of: $0)) }, most: 1)
    return points.broken.first?.description ?? ""
  }

  /// Returns a disk that reports a sync of the chosen files or folders without doing it.
  private static func lies(
    about isMeant: @escaping @Sendable (String) -> Bool
  ) -> @Sendable (WatchedDisk.Request) -> WatchedDisk.Verdict {
    { request in
      guard case .change(let change) = request, isMeant(change.path) else { return .goesOn }
      switch change.kind {
      case .sync, .syncFolder: return .pretends
      default: return .goesOn
      }
    }
  }

  @Test("synchronous=NORMAL instead of FULL is found")
  func normal() async throws {
    var injection = Machine.BugInjection()
    injection.synchronous = .normal
    let found = try await find(injection, in: .submit)
    #expect(found.contains("losing everything"))
  }

  @Test("a COMMIT that is acknowledged before its sync is found")
  func unsyncedCommit() async throws {
    let found = try await find(in: .submit, decide: Self.lies { $0 == "ingestd.db-wal" })
    #expect(found.contains("losing everything"))
  }

  @Test("an index whose commits are not synced before the checkpoints that rely on them is found")
  func unsyncedIndex() async throws {
    let found = try await find(in: .drain, decide: Self.lies { $0.hasSuffix("g0001.db-wal") })
    #expect(found.contains("generation 1"))
  }

  @Test("vectors that are not synced before the commit that counts them are found")
  func unsyncedVectors() async throws {
    let found = try await find(in: .drain, decide: Self.lies { $0.hasSuffix(".vectors") })
    #expect(found.contains("vectors"))
  }

  @Test("a blob's file that is not synced before its row is found")
  func unsyncedBlob() async throws {
    let found = try await find(in: .submit, decide: Self.lies { $0.hasPrefix("blobs/tmp/") })
    #expect(found.contains("blob"))
  }

  @Test("a blob's name that is not synced before its row is found")
  func unsyncedName() async throws {
    let found = try await find(in: .submit, decide: Self.lies { $0.hasPrefix("blobs/") && $0.utf8.count == 8 })
    #expect(found.contains("has no file"))
  }

  @Test("a blob's row that is written before its file is found")
  func rowFirst() async throws {
    var injection = Machine.BugInjection()
    injection.blobs = { LateBlobs(files: $0, rows: $1) }
    let found = try await find(injection, in: .submit)
    #expect(found.contains("has no file"))
  }

  @Test("a checkpoint that is stored before the effect that it relies on is found")
  func checkpointFirst() async throws {
    var injection = Machine.BugInjection()
    injection.backend = { LateIndex($0) }
    let found = try await find(injection, in: .drain)
    #expect(found.contains("generation 1"))
  }

  @Test("a wrong counter is found")
  func counter() async throws {
    var injection = Machine.BugInjection()
    injection.statement = { name, text in
      name == "source.count" ? text.replacing("completed = completed + 1", with: "completed = completed + 2") : text
    }
    let wrong = try await find(injection, in: .drain)
    // `count(source:from:to:)` writes its columns into the text.
    #expect(wrong.contains("counts"))
  }

  @Test("a failed member of a commit group that undoes another member's work is found")
  func lostMember() async throws {
    let kept = try await members(injected: false)
    #expect(kept.lost.isEmpty)
    #expect(kept.refused == 1)
    let injected = try await members(injected: true)
    #expect(!injected.lost.isEmpty)
  }

  /// Writes three members in one group, of which the second fails.
  /// - Returns: the acknowledged rows that are missing.
  private func members(injected: Bool) async throws -> (lost: [Int], refused: Int) {
    let folder = try TemporaryFolder("group")
    defer { withExtendedLifetime(folder) {} }
    var options = DatabaseOptions()
    options.groupTime = .seconds(10)
    if injected {
      options.faults.statement = { name, text in
        switch name {
        case "group.undo-member": "ROLLBACK"
        case "group.release-member": "SELECT 1"
        default: text
        }
      }
    }
    let database = try Database(path: folder.file("group.db"), options: options)
    try await database.write { db in try db.script("CREATE TABLE t (n INTEGER PRIMARY KEY)") }
    struct Refused: Error {}
    let outcomes = GroupOutcomes()
    try await withThrowingTaskGroup(of: Void.self) { group in
      // Holds the writer until the others wait in its queue. An immediate task runs until it waits for its write, so the
      // queue has the order of these calls.
      group.addImmediateTask {
        try await database.write { db in
          outcomes.areQueued.wait()
          try db.run("INSERT INTO t VALUES (0)")
        }
        outcomes.acknowledged.withLock { $0.append(0) }
      }
      for number in 1...3 {
        group.addImmediateTask {
          do {
            try await database.write { db in
              try db.run("INSERT INTO t VALUES (\(number))")
              if number == 2 { throw Refused() }
            }
            outcomes.acknowledged.withLock { $0.append(number) }
          } catch is Refused {
            outcomes.refused.withLock { $0 += 1 }
          }
        }
      }
      outcomes.areQueued.signal()
      try await group.waitForAll()
    }
    let there = try await database.read { db in try db.rows("SELECT n FROM t") { $0.int(0) } }
    await database.close()
    return (outcomes.acknowledged.withLock { $0 }.filter { !there.contains($0) }, outcomes.refused.withLock { $0 })
  }
}

/// The outcomes that the members of a group received.
private final class GroupOutcomes: Sendable {
  let areQueued = DispatchSemaphore(value: 0)
  let acknowledged = Mutex<[Int]>([])
  let refused = Mutex(0)
}

/// A blob store that stores the row immediately, and writes the file at its next call.
private final class LateBlobs: BlobStore {
  private let files: FileBlobStore
  private let rows: Store
  private let pending = Mutex<[[UInt8]]>([])

  init(files: FileBlobStore, rows: Store) {
    self.files = files
    self.rows = rows
  }

  func put(_ bytes: [UInt8]) async throws -> ContentHash {
    try await settle()
    let hash = ContentHash(rawValue: SHA256.hash(bytes))
    try await rows.noteBlobFile(hash, size: bytes.count)
    pending.withLock { $0.append(bytes) }
    return hash
  }

  func get(_ hash: ContentHash) async throws -> [UInt8] {
    try await settle()
    return try await files.get(hash)
  }

  func open(_ hash: ContentHash) async throws -> Int32 {
    try await settle()
    return try await files.open(hash)
  }

  private func settle() async throws {
    for bytes in pending.withLock({ pending in
      defer { pending = [] }
      return pending
    }) { _ = try await files.put(bytes) }
  }
}
