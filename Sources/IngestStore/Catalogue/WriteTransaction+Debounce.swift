import IngestCore
import IngestSQL

/// Debouncing: submits of one document that follow each other closely become one job, and the last submit wins.
extension WriteTransaction {
  /// Delays a job's start until the debounce time after this submit, but no longer than the debounce allows after the
  /// first submit of the series. If the submit also asks for a delay (`--delay`), the later of the two times counts.
  func debounce(_ order: inout JobOrder, _ request: SubmitRequest, document: Int64, generation: Int64) throws {
    guard let debounce = request.debouncing else { return }
    // A job that has started no longer belongs to the series, even if it is queued again.
    let first = try db.first(
      """
      SELECT min(debounced_since) FROM jobs
      WHERE generation_key = \(generation) AND document_key = \(document) AND finished_at IS NULL
        AND state = 'queued' AND started_at IS NULL
      """
    ) { $0.optionalInt64(0) }
    let since = first.flatMap { $0 }.map(Timestamp.init(rawValue:)) ?? now
    order.debouncedSince = since
    order.notBefore = debounce.start(first: since, last: now, notBefore: order.notBefore)
  }

  /// Delays the jobs of a revision once more, after another submit of the same content.
  func postpone(_ debounce: Debounce, document: Int64, revision: Int) throws {
    let waiting = try db.rows(
      """
      SELECT key, debounced_since, due_at FROM jobs
      WHERE document_key = \(document) AND revision = \(revision) AND finished_at IS NULL AND state = 'queued'
        AND reason IN ('scheduled', 'after-previous') AND started_at IS NULL AND debounced_since IS NOT NULL
      """
    ) { (key: $0.int64(0), since: Timestamp(rawValue: $0.int64(1)), due: $0.optionalInt64(2)) }
    for job in waiting {
      let start = debounce.start(first: job.since, last: now).rawValue
      _ = try db.run(
        """
        UPDATE jobs SET not_before = max(coalesce(not_before, 0), \(start)),
          due_at = CASE WHEN due_at IS NULL THEN NULL ELSE max(due_at, \(start)) END
        WHERE key = \(job.key)
        """)
    }
  }
}
