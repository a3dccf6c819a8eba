import IngestCore
import IngestSQL

/// Giving free space back to the file system.
extension PruningPass {
  /// The number of freed pages from which the write-ahead log is truncated too.
  private static let much = 1024

  /// How many free pages stay for later writes: a file without any would only have to grow again.
  private static let reserve = 256
  /// How many pages are moved at a time.
  private static let step = 8
  /// How many pages one transaction moves at most.
  private static let most = 512

  mutating func shrink() async throws {
    while true {
      let excess = try await store.read { db in
        let free = try db.first("PRAGMA freelist_count") { $0.int(0) } ?? 0
        let pages = try db.first("PRAGMA page_count") { $0.int(0) } ?? 0
        return free - max(Self.reserve, (pages - free) / 10)
      }
      guard excess > 0 else { break }
      let freed = try await slice { transaction, isOver in
        let db = transaction.db
        let before = try db.first("PRAGMA freelist_count") { $0.int(0) } ?? 0
        for _ in 0..<(min(excess, Self.most) / Self.step + 1) {
          _ = try db.run("PRAGMA incremental_vacuum(8)")
          if isOver() { break }
        }
        return before - (try db.first("PRAGMA freelist_count") { $0.int(0) } ?? 0)
      }
      // A file that was created without incremental vacuum keeps its size.
      guard freed > 0 else { break }
      count(freed)
    }
    guard report.pages >= Self.much else { return }
    do {
      _ = try await store.database.truncateLog()
    } catch let error as SQLError {
      throw Failure(error)
    }
  }
}
