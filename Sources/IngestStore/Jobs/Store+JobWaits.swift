import IngestCore
import IngestSQL

/// The waits and the children of a job, as people see them.
extension Connection {
  func wait(of key: Int64) throws -> JobWait? {
    try first(
      "SELECT id, waits_signal, waits_children, due_at FROM jobs WHERE key = \(key) AND state = 'waiting'"
    ) { row in
      if let signal = row.optionalText(1) {
        return JobWait(
          signal: signal, until: row.optionalInt64(3).map(Timestamp.init(rawValue:)), job: row.text(0))
      }
      return JobWait(kind: row.optionalInt(2) == nil ? .generation : .children)
    }
  }

  /// Returns a summary of the children of all steps together; nil for a job without children.
  func children(of key: Int64) throws -> ChildrenSummary? {
    let childGroups = try rows(
      "SELECT step, open, completed, cancelled, dead FROM child_groups WHERE parent_key = \(key) ORDER BY step"
    ) { (step: $0.int(0), open: $0.int(1), completed: $0.int(2), cancelled: $0.int(3), dead: $0.int(4)) }
    guard !childGroups.isEmpty else { return nil }
    var summary = ChildrenSummary(open: 0, completed: 0, cancelled: 0, dead: 0, failures: [])
    for group in childGroups {
      let room = ChildrenSummary.failuresShown - summary.failures.count
      summary = ChildrenSummary(
        open: summary.total - summary.ended + group.open, completed: summary.completed + group.completed,
        cancelled: summary.cancelled + group.cancelled, dead: summary.dead + group.dead,
        failures: summary.failures + (try deadChildren(of: key, step: group.step, limit: room)))
    }
    return summary
  }

  /// Returns the id of the job that made this one, and the position of this one among the children.
  func parent(of key: Int64) throws -> (job: String?, child: Int)? {
    try first(
      """
      SELECT (SELECT id FROM jobs p WHERE p.key = j.parent_key), child FROM jobs j
      WHERE key = \(key) AND parent_key IS NOT NULL
      """
    ) { ($0.optionalText(0), $0.int(1)) }
  }
}

/// The stored progress of one step of a job.
struct StoredStep {
  var position: Int
  var attempts: Int
  var isDone: Bool
  var isSkipped: Bool
  var error: Failure?
  var started: Int64?
  var finished: Int64?

  /// Returns the state of a step.
  /// - Parameters:
  ///   - step: the stored progress; nil for a step that never began.
  ///   - isNext: whether all steps before it are done.
  ///   - job: the job's state.
  static func state(of step: StoredStep?, isNext: Bool, job: JobState) -> JobReport.Step.State {
    if let step, step.isDone { return step.isSkipped ? .skipped : .completed }
    guard isNext else { return step?.error == nil ? .pending : .failed }
    switch job {
    case .running: return .running
    case .waiting: return .waiting
    case .queued, .completed, .cancelled, .dead: return step?.error == nil ? .pending : .failed
    }
  }
}
