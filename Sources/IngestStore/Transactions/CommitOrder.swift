import IngestCore
import IngestSQL

/// Everything in this store that takes the order of keys for the order of commits.
///
/// SQLite has one writer at a time, and a row takes its key within its write transaction. So a key that is higher than all that
/// a transaction sees belongs to a row that commits later, and a reader that sees a key sees all lower ones. A database with
/// concurrent writers promises neither: there a transaction with a low key may commit after one with a high key. Its store
/// answers the same questions in its own way (a snapshot's `xmin`, or a number that is drawn under a lock at commit).
///
/// Not here is the order among rows that exclude each other in any database: the lines, attempts and logs of one job are
/// written under its row's lock, as are the revisions of one document. Nor is paging by key, where a row that is missed comes
/// in the next pass.
enum CommitOrder {
  // MARK: What a generation's own job waits for

  /// The column `waits_below` of a job that begins to wait for its generation: it waits for the jobs that exist by now, and
  /// not for those that are made later.
  static let jobsUntilNow: SQL = "(SELECT max(key) + 1 FROM jobs)"

  /// Whether a job existed when ``jobsUntilNow`` was taken.
  static func existed(at bound: Int64) -> SQL { "key < \(bound)" }

  // MARK: What changed since

  /// The end of the journal, as this transaction sees it.
  static func end(ofJournal db: Connection) throws -> JournalCursor {
    let seq = try db.first("SELECT coalesce(max(seq), 0) FROM journal") { $0.int64(0) } ?? 0
    return JournalCursor(rawValue: "\(seq)")
  }

  /// Whether a line of the journal committed behind the cursor.
  static func isBehind(_ cursor: JournalCursor) throws -> SQL {
    let seq = try seq(cursor)
    return "seq > \(seq)"
  }

  /// Whether every line behind the cursor is still there: retention may have removed some.
  static func isComplete(behind cursor: JournalCursor, _ db: Connection) throws -> Bool {
    let pruned = try db.first("SELECT journal_pruned FROM flow") { $0.int64(0) } ?? 0
    return pruned <= (try seq(cursor))
  }

  private static func seq(_ cursor: JournalCursor) throws -> Int64 {
    guard let seq = Int64(cursor.rawValue) else {
      throw Failure.damaged("a place in the journal is '\(cursor.rawValue)'")
    }
    return seq
  }

  // MARK: Rows by time

  /// A table whose keys grow with the time in one of its columns, apart from steps of the clock.
  enum Table {
    case jobs, journal

    fileprivate var ends: SQL {
      switch self {
      case .jobs: "SELECT coalesce((SELECT min(key) FROM jobs), 1), coalesce((SELECT max(key) FROM jobs), 0) + 1"
      case .journal: "SELECT coalesce((SELECT min(seq) FROM journal), 1), coalesce((SELECT max(seq) FROM journal), 0)"
      }
    }

    fileprivate func time(from key: Int64) -> SQL {
      switch self {
      case .jobs: "SELECT created_at FROM jobs WHERE key >= \(key) ORDER BY key LIMIT 1"
      case .journal: "SELECT at FROM journal WHERE seq >= \(key) ORDER BY seq LIMIT 1"
      }
    }
  }

  /// The first key of a row from this time on, found by halving. The time is near enough for a search, which examines what
  /// lies around it.
  static func firstKey(of table: Table, from time: Int64, _ db: Connection) throws -> Int64? {
    // One look-up for each end: together they would be a scan.
    guard var (low, high) = try db.first(table.ends, { ($0.int64(0), $0.int64(1)) }) else { return nil }
    while low < high {
      let middle = low + (high - low) / 2
      let found = try db.first(table.time(from: middle)) { $0.int64(0) }
      if let found, found < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
