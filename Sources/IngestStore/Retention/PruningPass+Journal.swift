import IngestCore
import IngestSQL

/// Pruning of journal lines that are past their retention.
extension PruningPass {
  /// How many of the newest lines always stay. A swap reads the lines since its own earlier check, so neither these
  /// lines nor those of the last hour are removed.
  private static let linesKept: Int64 = 1000
  private static let timeKept: Duration = .seconds(3600)

  private struct Line {
    var seq: Int64
    var isOld: Bool
    var mayGo: Bool
  }

  mutating func pruneJournal() async throws {
    guard let cutoff = retention.journalCutoff(now: now) else { return }
    let before = min(cutoff, now - Self.timeKept).rawValue
    let newest = try await store.read { db in try db.first("SELECT max(seq) FROM journal") { $0.optionalInt64(0) } }
    let last = (newest.flatMap { $0 } ?? 0) - Self.linesKept
    var after: Int64 = 0
    while after < last {
      // Nothing else stores the history of an index or the timeline of a job, so both stay as long as the index or the
      // job.
      let page = try await store.read { [after] db in
        try db.rows(
          """
          SELECT l.seq, l.at < \(before),
            NOT (l.generation_key IS NOT NULL AND l.job_key IS NULL AND l.document_key IS NULL AND EXISTS (
              SELECT 1 FROM generations g WHERE g.key = l.generation_key AND g.state <> 'deleted'))
            AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.key = l.job_key)
          FROM journal l WHERE l.seq > \(after) AND l.seq <= \(last) ORDER BY l.seq LIMIT \(Self.page)
          """
        ) { Line(seq: $0.int64(0), isOld: $0.bool(1), mayGo: $0.bool(2)) }
      }
      guard let end = page.last, page.contains(where: \.isOld) else { return }
      after = end.seq
      let old = page.compactMap { $0.isOld && $0.mayGo ? $0.seq : nil }
      try await remove(old, counting: \.journal) { transaction, seq in
        guard try transaction.db.run("DELETE FROM journal WHERE seq = \(seq)") > 0 else { return .kept }
        _ = try transaction.db.run("UPDATE flow SET journal_pruned = \(seq) WHERE journal_pruned < \(seq)")
        return .gone
      }
    }
  }
}
