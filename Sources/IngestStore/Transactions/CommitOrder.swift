import IngestCore
import IngestSQL

/// All queries of this store that take the order of keys for the order of commits.
///
/// SQLite has one writer at a time, and a row takes its key within its write transaction. So a key above all keys that
/// a transaction sees belongs to a row that commits later, and a reader that sees a key sees all lower ones. A database
/// with concurrent writers promises neither: there a transaction with a low key may commit after one with a high key.
/// Its store answers the same questions in its own way (a snapshot's `xmin`, or a number drawn under a lock at commit).
///
/// Two kinds of order do not belong here. Rows that exclude each other in any database: the journal lines, attempts and
/// logs of one job are written under its row's lock, as are the revisions of one document. And paging by key: the next
/// pass finds a row that this pass missed.
enum CommitOrder {
  // MARK: The jobs that a generation's own job waits for

  /// The value of `waits_below` for a job that begins to wait for its generation: the job waits for all jobs that exist
  /// now, and not for later ones.
  static let jobsUntilNow: SQL = "(SELECT max(key) + 1 FROM jobs)"

  /// Whether a job existed when ``jobsUntilNow`` was taken.
  static func existed(at bound: Int64) -> SQL { "key < \(bound)" }

  // MARK: Changes since a cursor

  /// Returns the end of the journal, as this transaction sees it.
  static func end(ofJournal db: Connection) throws -> JournalCursor {
    let seq = try db.first("SELECT coalesce(max(seq), 0) FROM journal") { $0.int64(0) } ?? 0
    return JournalCursor(rawValue: "\(seq)")
  }

  /// Whether a journal line committed after the cursor.
  static func isBehind(_ cursor: JournalCursor) throws -> SQL {
    let seq = try seq(cursor)
    return "seq > \(seq)"
  }

  /// Whether every line after the cursor still exists: retention may have removed some.
  static func isComplete(behind cursor: JournalCursor, _ db: Connection) throws -> Bool {
    let pruned = try db.first("SELECT journal_pruned FROM flow") { $0.int64(0) } ?? 0
    return pruned <= (try seq(cursor))
  }

  private static func seq(_ cursor: JournalCursor) throws -> Int64 {
    guard let seq = Int64(cursor.rawValue) else {
      throw Failure.damaged("a journal cursor is '\(cursor.rawValue)'")
    }
    return seq
  }

  // MARK: Rows by time

  /// A table whose keys grow with the time in one of its columns, except where the clock was set back.
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

  /// Finds, by binary search, the first key of a row from this time on. The result may be slightly off where the clock
  /// was set back; callers examine the rows around it.
  static func firstKey(of table: Table, from time: Int64, _ db: Connection) throws -> Int64? {
    // One subquery for each end: min and max in one query would scan the table.
    guard var (low, high) = try db.first(table.ends, { ($0.int64(0), $0.int64(1)) }) else { return nil }
    while low < high {
      let middle = low + (high - low) / 2
      let found = try db.first(table.time(from: middle)) { $0.int64(0) }
      if let found, found < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
