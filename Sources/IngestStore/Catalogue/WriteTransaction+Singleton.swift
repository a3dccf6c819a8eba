import IngestCore
import IngestSQL

/// Keeps at most one job of a workflow open, in each generation, for each value of a key.
extension WriteTransaction {
  /// Returns the open job that has the name of the submit's singleton in this generation.
  func singletonHolder(_ request: SubmitRequest, generation: Int64) throws -> OpenJob? {
    guard let claim = request.singleton(generation: generation) else { return nil }
    return try openJob(singleton: claim.name)?.opened
  }

  /// Gives the job of an accepted submit the singleton's name, where it may have it. An older job that has the name is
  /// cancelled, or asked to stop if it runs.
  func takeSingleton(
    _ order: inout JobOrder, _ request: SubmitRequest, document: Int64, generation: Int64, _ memo: SubmitMemo
  ) throws {
    guard let claim = request.singleton(generation: generation) else { return }
    let older = try openJob(singleton: claim.name)
    let holder = older.map {
      SingletonClaim.Holder(isQueued: $0.state == .queued, isOfSameDocument: $0.document == document)
    }
    switch claim.decideAccepted(holder: holder) {
    case .take: order.singleton = claim.name
    case .replace:
      try flush(memo)
      if let older { try stop(older, reason: "singleton", actor: order.actor) }
      order.singleton = claim.name
    // An accepted submit must reach every generation, so the newer job runs even without the name.
    case .skip, .goWithout: break
    }
  }

  /// Returns the open job with this singleton name that nobody has asked to stop.
  func openJob(singleton: String) throws -> JobRow? {
    try db.first(
      """
      SELECT \(raw: JobRow.columns) FROM jobs
      WHERE singleton = \(singleton) AND finished_at IS NULL AND cancel_requested = 0
      """, JobRow.init)
  }

  /// Cancels a job that does not run, and asks one that does to stop.
  func stop(_ job: JobRow, reason: String, actor: String) throws {
    switch job.state.stop {
    case .cancel:
      try cancel(job, reason: reason, actor: actor)
      try release(after: job)
    case .request:
      _ = try db.run("UPDATE jobs SET cancel_requested = 1 WHERE key = \(job.key)")
      try journal("cancel-requested", actor: actor, job: job.key, data: reason)
      db.flag(CommitFlag.wake)
    case .nothing: break
    }
  }
}

extension JobRow {
  var opened: OpenJob { OpenJob(id: JobID(rawValue: id), state: state) }
}
