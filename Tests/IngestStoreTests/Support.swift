import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit

extension StoreFixture {
  func checkpoint(_ job: ClaimedJob, _ position: Int, effects: [CatalogueEffect] = []) -> Checkpoint {
    Checkpoint(
      step: "step-\(position)", position: position, output: StepOutput(effects: effects), startedAt: clock.now,
      finishedAt: clock.now)
  }

  func failed(_ kind: Failure.Kind = .transient, code: String = "BROKEN") -> FailedAttempt {
    FailedAttempt(
      position: 0, failure: Failure(kind, code: code, "It broke.").during(step: "step-0", attempt: 1),
      startedAt: clock.now, finishedAt: clock.now)
  }

  /// Claims the next job and completes it, holding the document in its generation.
  @discardableResult
  func complete(_ worker: WorkerID, chunks: Int = 3) async throws -> ClaimedJob? {
    guard let job = try await claim(worker, scope: WorkScope(sources: ["default"])).first else { return nil }
    try await finish(job, chunks: chunks)
    return job
  }

  func finish(_ job: ClaimedJob, chunks: Int = 3) async throws {
    let task = try TestJSON.decode(DocumentTask.self, job.task)
    let hold = CatalogueEffect.hold(
      index: task.index, generation: task.generation, document: task.document, revision: task.revision,
      change: task.change, chunks: task.change == .delete ? 0 : chunks)
    try await store.checkpoint(job.lease, checkpoint(job, 0))
    try await store.finish(job.lease, .completed, last: checkpoint(job, 1, effects: [hold]))
  }

  /// The counters that transitions keep must equal what is there.
  func countersAreTrue() async throws -> Bool {
    try await database.read { db in
      let sources = try db.first(
        """
        SELECT count(*) FROM sources s WHERE
          s.queued <> (SELECT count(*) FROM jobs WHERE source_key = s.key AND state = 'queued')
          OR s.running <> (SELECT count(*) FROM jobs WHERE source_key = s.key AND state = 'running')
          OR s.waiting <> (SELECT count(*) FROM jobs WHERE source_key = s.key AND state = 'waiting')
          OR s.completed <> (SELECT count(*) FROM jobs WHERE source_key = s.key AND state = 'completed')
          OR s.cancelled <> (SELECT count(*) FROM jobs WHERE source_key = s.key AND state = 'cancelled')
          OR s.dead <> (SELECT count(*) FROM jobs WHERE source_key = s.key AND state = 'dead')
          OR s.ready <> (SELECT count(*) FROM jobs j JOIN lanes l ON l.key = j.lane_key AND l.closed = 0
            WHERE j.source_key = s.key AND j.state = 'queued' AND j.reason = 'ready' AND j.alone = 0)
        """
      ) { $0.int(0) }
      let lanes = try db.first(
        """
        SELECT count(*) FROM lanes l WHERE l.ready <> (SELECT count(*) FROM jobs
          WHERE lane_key = l.key AND state = 'queued' AND reason = 'ready' AND alone = 0)
        """
      ) { $0.int(0) }
      let heads = try db.first(
        """
        SELECT count(*) FROM lanes l WHERE l.ready > 0 AND l.head > (SELECT min(rank) FROM jobs
          WHERE lane_key = l.key AND state = 'queued' AND reason = 'ready' AND alone = 0)
        """
      ) { $0.int(0) }
      let slots = try db.first(
        """
        SELECT count(*) FROM gates g WHERE g.held <> (SELECT count(*) FROM slots WHERE gate_key = g.key)
          OR EXISTS (SELECT 1 FROM slots s JOIN jobs j ON j.key = s.job_key WHERE j.state <> 'running' OR j.gated = 0)
        """
      ) { $0.int(0) }
      return sources == 0 && lanes == 0 && heads == 0 && slots == 0
    }
  }
}
