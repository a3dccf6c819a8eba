import IngestCore
import IngestSQL

/// At most one open job of a workflow, in each generation, for each value of a key.
extension WriteTransaction {
  /// The open job that keeps a submit from being accepted; nil where none does.
  func skipped(
    _ request: SubmitRequest, live: Int64?
  ) throws -> (job: JobID, state: JobState)? {
    guard let live, request.workflow.definition.singleton?.mode == .skip,
      let singleton = request.singleton(generation: live)
    else { return nil }
    return try db.first(
      """
      SELECT id, state FROM jobs WHERE singleton = \(singleton) AND finished_at IS NULL AND cancel_requested = 0
      """
    ) { (JobID(rawValue: $0.text(0)), try JobState(stored: $0.text(1))) }
  }

  /// Takes the place of the one open job: an older one is cancelled, or asked to stop where it runs.
  ///
  /// Behind live an older job may still be open under `skip`, as live's has ended: what was accepted is wanted in every
  /// generation, so there the newer job runs without the key.
  func takeSingleton(
    _ order: inout JobOrder, _ request: SubmitRequest, document: Int64, generation: Int64, _ memo: SubmitMemo
  ) throws {
    guard let mode = request.workflow.definition.singleton?.mode,
      let singleton = request.singleton(generation: generation)
    else { return }
    let older = try openJob(singleton: singleton)
    // A waiting one of the same document is superseded in any case.
    guard let older, older.state != .queued || older.document != document else {
      order.singleton = singleton
      return
    }
    switch mode {
    case .skip:
      return
    case .cancel:
      try flush(memo)
      try stop(older, reason: "singleton", actor: order.actor)
      order.singleton = singleton
    }
  }

  /// The one open job of this singleton that nobody has asked to stop.
  func openJob(singleton: String) throws -> JobRow? {
    try db.first(
      """
      SELECT \(raw: JobRow.columns) FROM jobs
      WHERE singleton = \(singleton) AND finished_at IS NULL AND cancel_requested = 0
      """, JobRow.init)
  }

  /// Ends a job that does not run, and asks one that does to stop.
  func stop(_ job: JobRow, reason: String, actor: String) throws {
    switch job.state {
    case .queued, .waiting:
      try cancel(job, reason: reason, actor: actor)
      try release(after: job)
    case .running:
      _ = try db.run("UPDATE jobs SET cancel_requested = 1 WHERE key = \(job.key)")
      try journal("cancel-requested", actor: actor, job: job.key, data: reason)
      db.flag(CommitFlag.wake)
    case .completed, .cancelled, .dead: break
    }
  }
}

extension SubmitRequest {
  /// What is unique among open jobs; nil for a workflow that is no singleton.
  fileprivate func singleton(generation: Int64) -> String? {
    guard let key = workflow.definition.singleton?.key else { return nil }
    let value =
      switch key {
      case .source: source
      case .index: index
      case .document: "\(source)/\(uri)"
      case .tenant: meta["tenant"] ?? ""
      case .meta(let name): meta[name] ?? ""
      // One generation has one embedder, and every job here is of this workflow.
      case .workflow, .provider: ""
      }
    return "\(workflow.definition.name)/\(generation)/\(key)=\(value)"
  }
}
