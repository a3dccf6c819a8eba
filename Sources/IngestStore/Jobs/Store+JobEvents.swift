package import IngestCore
import IngestSQL

/// The events of a job, put together from its row, its steps, its attempts and the journal.
extension Store {
  package func events(of id: JobID, logs: Bool) async throws -> [JobEvent] {
    let events = try await read { db in
      let key = try db.first("SELECT key FROM jobs WHERE id = \(id.rawValue)") { $0.int64(0) }
      return try key.map { try db.events(ofJob: $0, logs: logs) }
    }
    guard let events else { throw Failure.jobNotFound(id.rawValue) }
    return events
  }
}

extension Connection {
  /// Returns the events of a job, oldest first. The journal's index by job leaves out the first claim, checkpoints and
  /// the completion: the rows of the job and its steps show these. Their actors come from the journal, searched by
  /// time.
  func events(ofJob key: Int64, logs: Bool) throws -> [JobEvent] {
    var events: [JobEvent] = []
    let job = try first(
      "SELECT created_at, started_at, finished_at, state, replay_of, fence FROM jobs WHERE key = \(key)"
    ) { row in
      (
        created: row.int64(0), started: row.optionalInt64(1), finished: row.optionalInt64(2), state: row.text(3),
        replayOf: row.optionalText(4)
      )
    }
    guard let job else { return [] }
    func time(_ microseconds: Int64) -> Timestamp { Timestamp(rawValue: microseconds) }
    events.append(
      JobEvent(
        id: "queued", at: time(job.created), event: "queued",
        actor: try actor(of: "queued", job: key, at: job.created),
        text: job.replayOf.map { "replay of \($0)" }))
    if let started = job.started {
      events.append(
        JobEvent(
          id: "claimed", at: time(started), event: "claimed",
          actor: try actor(of: "claimed", job: key, at: started)))
    }
    events += try stepEvents(key, createdAt: job.created, isReplay: job.replayOf != nil)
    events += try rows("SELECT key, position, error, finished_at FROM attempts WHERE job_key = \(key) ORDER BY key") {
      let error = try JSONText.decode(Failure.self, $0.text(2))
      return JobEvent(
        id: "attempt-\($0.int64(0))", at: time($0.int64(3)), event: "attempt-failed", step: error.step,
        attempt: error.attempt, error: error)
    }
    events += try rows(
      """
      SELECT seq, at, kind, actor, data FROM journal INDEXED BY journal_job
      WHERE job_key = \(key) AND kind <> 'queued' AND kind <> 'claimed' AND kind <> 'checkpointed'
        AND kind <> 'completed' ORDER BY seq
      """
    ) {
      JobEvent(
        id: "journal-\($0.int64(0))", at: time($0.int64(1)), event: $0.text(2), actor: $0.text(3),
        text: $0.optionalText(4))
    }
    if let finished = job.finished, job.state == JobState.completed.rawValue {
      events.append(JobEvent(id: "completed", at: time(finished), event: "completed"))
    }
    if logs {
      events += try rows("SELECT key, step, attempt, at, text FROM logs WHERE job_key = \(key) ORDER BY key") {
        JobEvent(
          id: "log-\($0.int64(0))", at: time($0.int64(3)), event: "log", step: $0.text(1), attempt: $0.int(2),
          text: $0.text(4))
      }
    }
    // Events with equal times keep the order above, in which causes come before effects.
    return events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }

  private func stepEvents(_ key: Int64, createdAt: Int64, isReplay: Bool) throws -> [JobEvent] {
    try rows(
      "SELECT position, step, started_at, finished_at, result FROM steps WHERE job_key = \(key) ORDER BY position"
    ) { row in
      let (position, step) = (row.int(0), row.text(1))
      guard let finished = row.optionalInt64(3) else {
        return row.optionalInt64(2).map { started in
          JobEvent(
            id: "started-\(position)-\(started)", at: Timestamp(rawValue: started), event: "step-started", step: step)
        }
      }
      // The step finished before this job was created.
      let isInherited = isReplay && finished <= createdAt
      let isSkipped = row.optionalText(4) == JobReport.skippedResult
      return JobEvent(
        id: "step-\(position)-\(finished)", at: Timestamp(rawValue: max(finished, createdAt)),
        event: isInherited ? "step-inherited" : isSkipped ? "step-skipped" : "step-completed", step: step)
    }.compactMap { $0 }
  }

  /// The most journal lines that one search for an actor reads.
  private static var reach: Int { 2000 }

  /// Finds the actor of a journal line that the index by job leaves out, among the lines from its time on. Returns nil
  /// if the line was pruned, or if too many lines have about the same time.
  private func actor(of kind: String, job: Int64, at time: Int64) throws -> String? {
    guard let low = try CommitOrder.firstKey(of: .journal, from: time, self) else { return nil }
    return try first(
      """
      SELECT actor FROM (SELECT actor, job_key, kind FROM journal NOT INDEXED
        WHERE seq >= \(low) ORDER BY seq LIMIT \(Self.reach))
      WHERE job_key = \(job) AND kind = \(kind) LIMIT 1
      """
    ) { $0.text(0) }
  }
}
