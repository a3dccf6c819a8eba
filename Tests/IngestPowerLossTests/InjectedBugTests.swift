import CFaultyVFS
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

/// Each of these breaks one rule that the tests of power loss rely on, and must be found.
@Suite("Bugs injected beneath power loss", .enabled(if: ingestd_io_sees_calls()))
struct InjectedBugTests {
  /// Looks for a broken promise at every point of one act.
  private func find(
    _ injection: Machine.BugInjection = Machine.BugInjection(), in acts: Act...,
    decide: (@Sendable (WatchedDisk.Request) -> WatchedDisk.Verdict)? = nil
  ) async throws -> String {
    let run = try await RecordedRun.make(injection, decide)
    var points = CrashPoints(log: run.log, ledger: run.ledger)
    try await points.run(acts.flatMap { Array(run.points(of: $0)) }, most: 1)
    return points.broken.first?.description ?? ""
  }

  /// A disk that says it has synced such a file or folder, and has not.
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

  @Test("synchronous=NORMAL where FULL is promised")
  func normal() async throws {
    var injection = Machine.BugInjection()
    injection.synchronous = .normal
    let found = try await find(injection, in: .submit)
    #expect(found.contains("losing everything"))
  }

  @Test("a COMMIT that is answered before its sync")
  func unsyncedCommit() async throws {
    let found = try await find(in: .submit, decide: Self.lies { $0 == "ingestd.db-wal" })
    #expect(found.contains("losing everything"))
  }

  @Test("an index whose commits are not synced before the checkpoints that rely on them")
  func unsyncedIndex() async throws {
    let found = try await find(in: .drain, decide: Self.lies { $0.hasSuffix("g0001.db-wal") })
    #expect(found.contains("generation 1"))
  }

  @Test("vectors that are not synced before the commit that counts them")
  func unsyncedVectors() async throws {
    let found = try await find(in: .drain, decide: Self.lies { $0.hasSuffix(".vectors") })
    #expect(found.contains("vectors"))
  }

  @Test("a blob's file that is not synced before its row")
  func unsyncedBlob() async throws {
    let found = try await find(in: .submit, decide: Self.lies { $0.hasPrefix("blobs/tmp/") })
    #expect(found.contains("blob"))
  }

  @Test("a blob's name that is not synced before its row")
  func unsyncedName() async throws {
    let found = try await find(in: .submit, decide: Self.lies { $0.hasPrefix("blobs/") && $0.utf8.count == 8 })
    #expect(found.contains("has no file"))
  }

  @Test("a blob's row before its file")
  func rowFirst() async throws {
    var injection = Machine.BugInjection()
    injection.blobs = { LateBlobs(files: $0, rows: $1) }
    let found = try await find(injection, in: .submit)
    #expect(found.contains("has no file"))
  }

  @Test("a checkpoint before the effect that it relies on")
  func checkpointFirst() async throws {
    var injection = Machine.BugInjection()
    injection.backend = { LateIndex($0) }
    let found = try await find(injection, in: .drain)
    #expect(found.contains("generation 1"))
  }

  @Test("a counter that is wrong")
  func counter() async throws {
    var injection = Machine.BugInjection()
    injection.statement = { name, text in
      name == "source.count" ? text.replacing("completed = completed + 1", with: "completed = completed + 2") : text
    }
    let wrong = try await find(injection, in: .drain)
    // `count(source:from:to:)` writes its columns into the text.
    #expect(wrong.contains("counts"))
  }

  @Test("the failure of one member of a group that takes another's work back")
  func lostMember() async throws {
    let kept = try await members(injected: false)
    #expect(kept.lost.isEmpty)
    #expect(kept.refused == 1)
    let injected = try await members(injected: true)
    #expect(!injected.lost.isEmpty)
  }

  /// Three bodies in one group, of which the second fails. - Returns: what was acknowledged and is not there.
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
    let told = Told()
    try await withThrowingTaskGroup(of: Void.self) { group in
      // Holds the writer until the others stand in its queue.
      group.addTask {
        try await database.write { db in
          while !told.isOpen.withLock({ $0 }) { usleep(1000) }
          try db.run("INSERT INTO t VALUES (0)")
        }
        told.acknowledged.withLock { $0.append(0) }
      }
      try await Task.sleep(for: .milliseconds(50))
      for number in 1...3 {
        group.addTask {
          do {
            try await database.write { db in
              try db.run("INSERT INTO t VALUES (\(number))")
              if number == 2 { throw Refused() }
            }
            told.acknowledged.withLock { $0.append(number) }
          } catch is Refused {
            told.refused.withLock { $0 += 1 }
          }
        }
        try await Task.sleep(for: .milliseconds(20))
      }
      told.isOpen.withLock { $0 = true }
      try await group.waitForAll()
    }
    let there = try await database.read { db in try db.rows("SELECT n FROM t") { $0.int(0) } }
    await database.close()
    return (told.acknowledged.withLock { $0 }.filter { !there.contains($0) }, told.refused.withLock { $0 })
  }
}

/// What the members of a group were told.
private final class Told: Sendable {
  let isOpen = Mutex(false)
  let acknowledged = Mutex<[Int]>([])
  let refused = Mutex(0)
}

/// Notes the row at once, and writes the file when it is next called.
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
