import IngestCore
import IngestSQL

extension SubmitRequest {
  /// The debounce in force: its own, or else its workflow's.
  var debouncing: Debounce? { debounce ?? workflow.definition.debounce }
}

/// Submits of one document that follow each other closely become one job: the last one wins.
extension WriteTransaction {
  /// Puts the start of a job off until so long after this submit, and no longer than the first one of the row allows.
  /// What was asked for beside it (`--delay`) holds too: the later of the two.
  func debounce(_ order: inout JobOrder, _ request: SubmitRequest, document: Int64, generation: Int64) throws {
    guard let debounce = request.debouncing else { return }
    // One that has begun is no part of the row any more, though it may be queued again.
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

  /// Puts the jobs of a revision off once more, for a submit of just the same.
  func postpone(_ request: SubmitRequest, document: Int64, revision: Int) throws {
    guard let debounce = request.debouncing else { return }
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
