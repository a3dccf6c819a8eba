import IngestCore
import IngestDigest
import IngestIndex
import IngestSteps
import IngestStore
import IngestTestKit
import Testing

extension Machine {
  static let worker = WorkerID(rawValue: "worker")

  func register() async throws {
    try await store.register(
      WorkerRegistration(
        id: Self.worker, process: 1, host: "here", bootID: clock.bootID,
        liveness: LivenessToken(rawValue: root + "/worker"), concurrency: 8))
  }

  /// Creates the index `docs` as the real operation does. Repeating the call finishes an interrupted one.
  func createIndex() async throws {
    let generation = try await store.createIndex("docs", spec: Self.spec(), actor: "test")
    guard generation.state == .building else { return }
    try await backend.create(GenerationName(generation), dimensions: generation.spec.embedder.dimensions)
    try await store.activateFirst(generation, actor: "test")
  }

  func submit(_ uri: String, _ text: String, key: String? = nil) async throws -> SubmitReceipt {
    let bytes = Array(text.utf8)
    let change: SubmitRequest.Change =
      if bytes.count > Blob.rowLimit {
        .stored(try await blobs.put(bytes), size: bytes.count)
      } else {
        .bytes(Blob(hash: Self.hash(text), bytes: bytes))
      }
    return try await store.submit(
      SubmitRequest(
        index: "docs", source: "default", uri: uri, change: change, workflow: Self.ingest, idempotencyKey: key,
        actor: "test"))
  }

  func delete(_ uri: String) async throws -> SubmitReceipt {
    try await store.submit(
      SubmitRequest(
        index: "docs", source: "default", uri: uri, change: .delete, workflow: Self.delete, actor: "test"))
  }

  static func hash(_ text: String) -> ContentHash { ContentHash(rawValue: SHA256.hash(Array(text.utf8))) }

  func swap(to: Int, from: Int, rollback: Bool = false) async throws {
    _ = try await store.swap(SwapRequest(index: "docs", to: to, from: from, rollback: rollback, actor: "test"))
  }

  // MARK: A worker that runs one job at a time

  func claim() async throws -> ClaimedJob? {
    try await store.claim(
      ClaimRequest(worker: Self.worker, limit: 1, scope: WorkScope(), lease: .seconds(30), idle: true)
    ).jobs.first
  }

  /// Runs jobs until none can start.
  /// - Parameter each: called after each checkpoint and each outcome that the store acknowledged.
  func drain(limit: Int = 200, _ each: () -> Void = {}) async throws {
    for _ in 0..<limit {
      guard let job = try await claim() else { return }
      try await run(job, each)
    }
    Issue.record("the jobs never end")
  }

  /// Runs a job as the engine does: each step without a checkpoint, storing its result before the next step.
  func run(_ job: ClaimedJob, _ each: () -> Void = {}) async throws {
    let definition = try #require(try await store.workflow(job.workflow))
    var results: [String: String] = [:]
    for (position, step) in definition.steps.enumerated() {
      let record = job.steps.first { $0.id == step.id }
      if let result = record?.result {
        results[step.uses] = result
        continue
      }
      let name = StepName(job: job.lease.job, step: step.id)
      ran.note(run: name)
      let output: StepOutput
      do {
        output = try await self.output(of: step, job, results, record?.cursor, position)
      } catch let failure as Failure where failure.code == Self.broken {
        let attempt = FailedAttempt(
          position: position, failure: failure, startedAt: clock.now, finishedAt: clock.now)
        try await store.finish(job.lease, .dead(attempt), last: nil)
        return each()
      }
      results[step.uses] = output.result
      let checkpoint = Checkpoint(
        step: step.id, position: position, output: output, startedAt: clock.now, finishedAt: clock.now)
      let isLast = position == definition.steps.count - 1
      if isLast || output.gathers {
        try await store.finish(job.lease, isLast ? .completed : .gathers, last: checkpoint)
      } else {
        try await store.checkpoint(job.lease, checkpoint)
      }
      ran.note(acknowledged: name)
      each()
      if output.gathers { return }
    }
    if definition.steps.allSatisfy({ step in job.steps.contains { $0.id == step.id && $0.result != nil } }) {
      try await store.finish(job.lease, .completed, last: nil)
    }
  }

  /// The code of a failure that kills its job.
  static let broken = "BROKEN"
  /// A text on which the first try of `chunk` fails for good.
  static let breaks = "breaks"

  private func output(
    of definition: StepDefinition, _ job: ClaimedJob, _ results: [String: String], _ cursor: String?, _ position: Int
  ) async throws -> StepOutput {
    let step = try #require(services.steps.first { type(of: $0).kind == definition.uses })
    if definition.uses == "chunk", job.task.contains(Self.breaks), job.lease.fence == 1 {
      throw Failure(.permanent, code: Self.broken, "It broke.")
    }
    let context = StepContext(clock: clock) { [store] save in
      try await store.save(job.lease, step: definition.id, position: position, save)
    }
    if definition.uses == "parse" {
      // A step on a long text saves its progress; a short text needs none.
      try await store.save(
        job.lease, step: definition.id, position: position, StepSave(progress: StepProgress(done: 0, unit: "pages")))
    }
    return try await step.run(
      StepInput(job: job.lease.job, step: definition.id, task: job.task, results: results, cursor: cursor), context)
  }

  func proof(_ generation: Int) async throws -> IndexVerification {
    try await GenerationProof(generations: store, backends: BackendRegistry([index])).run(
      GenerationName(index: "docs", number: generation))
  }
}
