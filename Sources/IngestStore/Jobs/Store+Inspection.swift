package import IngestCore
import IngestSQL

/// Checks for `doctor`: whether counters and other values that are kept for speed are still right.
extension Store {
  /// Returns one sentence for each counter that differs from a count of the rows; empty if all are right.
  package func counterProblems() async throws -> [String] {
    try await read { db in
      let sources = try db.rows(
        """
        SELECT s.name, s.ready, s.queued, s.running, s.waiting, s.completed, s.cancelled, s.dead,
          count(*) FILTER (WHERE j.state = 'queued' AND j.reason = 'ready' AND j.alone = 0 AND l.closed = 0),
          count(*) FILTER (WHERE j.state = 'queued'), count(*) FILTER (WHERE j.state = 'running'),
          count(*) FILTER (WHERE j.state = 'waiting'), count(*) FILTER (WHERE j.state = 'completed'),
          count(*) FILTER (WHERE j.state = 'cancelled'), count(*) FILTER (WHERE j.state = 'dead')
        FROM sources s LEFT JOIN jobs j ON j.source_key = s.key LEFT JOIN lanes l ON l.key = j.lane_key
        GROUP BY s.key ORDER BY s.name
        """
      ) { row in
        let names = ["ready", "queued", "running", "waiting", "completed", "cancelled", "dead"]
        return names.enumerated().compactMap { position, name in
          let (said, found) = (row.int(position + 1), row.int(position + 8))
          return said == found ? nil : "source \(row.text(0)) counts \(said) \(name) jobs and has \(found)"
        }
      }
      let lanes = try db.rows(
        """
        SELECT l.key, l.ready,
          count(j.key) FILTER (WHERE j.state = 'queued' AND j.reason = 'ready' AND j.alone = 0) AS found
        FROM lanes l LEFT JOIN jobs j ON j.lane_key = l.key GROUP BY l.key HAVING l.ready <> found
        """
      ) { row in "lane \(row.int(0)) counts \(row.int(1)) ready jobs and has \(row.int(2))" }
      let heads = try db.rows(
        """
        SELECT l.key FROM lanes l WHERE l.ready > 0 AND l.head > (SELECT min(rank) FROM jobs
          WHERE lane_key = l.key AND state = 'queued' AND reason = 'ready' AND alone = 0)
        """
      ) { row in "lane \(row.int(0)) has a head behind its first job" }
      let slots = try db.rows(
        """
        SELECT g.name, g.held, (SELECT count(*) FROM slots WHERE gate_key = g.key) AS found FROM gates g
        WHERE g.held <> found
        """
      ) { row in "limit \(row.text(0)) counts \(row.int(1)) slots and has \(row.int(2))" }
      let holders = try db.rows(
        """
        SELECT j.id FROM slots s JOIN jobs j ON j.key = s.job_key WHERE j.state <> 'running' OR j.gated = 0
        """
      ) { row in "job \(row.text(0)) holds a slot but does not run" }
      return sources.flatMap { $0 } + lanes + heads + slots + holders
    }
  }

  /// Returns up to `limit` blobs that are files, spread evenly over all such blobs, with their sizes.
  package func sampleBlobFiles(limit: Int) async throws -> [(hash: ContentHash, size: Int)] {
    try await read { db in
      let count = try db.first("SELECT count(*) FROM blobs WHERE bytes IS NULL") { $0.int(0) } ?? 0
      let step = max(1, count / max(1, limit))
      return try db.rows(
        """
        SELECT hash, size FROM (
          SELECT hash, size, row_number() OVER (ORDER BY key) AS place FROM blobs WHERE bytes IS NULL)
        WHERE (place - 1) % \(step) = 0 LIMIT \(limit)
        """
      ) { (hash: ContentHash(rawValue: $0.text(0)), size: $0.int(1)) }
    }
  }
}
