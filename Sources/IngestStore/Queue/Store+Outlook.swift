package import IngestCore
import IngestSQL

/// Counts of the remaining jobs, for a worker that drains.
extension Store {
  package func outlook(_ scope: WorkScope) async throws -> QueueOutlook {
    try await read { db in
      scope.isEverything ? try db.outlook() : try db.outlook(scope)
    }
  }
}

extension Connection {
  /// Counts all jobs, by the counters and an index of stuck jobs.
  fileprivate func outlook() throws -> QueueOutlook {
    let counted = try first(
      "SELECT coalesce(sum(queued), 0), coalesce(sum(running), 0), coalesce(sum(waiting), 0) FROM sources"
    ) { QueueOutlook(queued: $0.int(0), running: $0.int(1), waiting: $0.int(2), stuck: 0) }
    var outlook = counted ?? QueueOutlook(queued: 0, running: 0, waiting: 0, stuck: 0)
    let stuck =
      try first(
        """
        SELECT (SELECT count(*) FROM jobs WHERE state = 'queued' AND reason IN ('exhausted', 'paused'))
          + (SELECT coalesce(sum(ready), 0) FROM lanes WHERE closed = 1
            AND closed_by IN (
              SELECT key FROM gates WHERE kind = 'pause' OR kind = 'dependency' AND closed_until IS NULL))
          + (SELECT coalesce(sum(queued), 0) FROM sources WHERE paused = 1)
        """
      ) { $0.int(0) } ?? 0
    let isPaused = try first("SELECT paused FROM flow") { $0.bool(0) } ?? false
    outlook.stuck = isPaused ? outlook.queued : min(stuck, outlook.queued)
    outlook.queued -= outlook.stuck
    return outlook
  }

  /// Counts the open jobs in scope; it reads each of them.
  fileprivate func outlook(_ scope: WorkScope) throws -> QueueOutlook {
    var outlook = QueueOutlook(queued: 0, running: 0, waiting: 0, stuck: 0)
    try each(
      """
      SELECT j.state, j.reason IN ('exhausted', 'paused') OR s.paused OR (SELECT paused FROM flow) OR (
          l.closed AND l.closed_by IN (
            SELECT key FROM gates WHERE kind = 'pause' OR kind = 'dependency' AND l.closed_until IS NULL)), count(*),
        s.name, i.name
      FROM jobs j JOIN sources s ON s.key = j.source_key JOIN lanes l ON l.key = j.lane_key
        LEFT JOIN generations g ON g.key = j.generation_key LEFT JOIN indexes i ON i.key = g.index_key
      WHERE j.finished_at IS NULL GROUP BY 1, 2, s.name, i.name
      """
    ) { row in
      guard scope.sources.isEmpty || scope.sources.contains(row.text(3)),
        scope.includes(index: row.optionalText(4))
      else { return }
      let number = row.int(2)
      switch try JobState(stored: row.text(0)) {
      case .queued where row.optionalInt(1) == 1: outlook.stuck += number
      case .queued: outlook.queued += number
      case .running: outlook.running += number
      case .waiting: outlook.waiting += number
      case .completed, .cancelled, .dead: break
      }
    }
    return outlook
  }
}
