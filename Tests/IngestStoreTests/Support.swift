import IngestCore
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

  /// Claims the next job and completes it, which holds the document in its generation.
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

  /// Returns whether the counters that transitions keep equal the rows that they count.
  func countersAreTrue() async throws -> Bool { try await store.counterProblems().isEmpty }
}
