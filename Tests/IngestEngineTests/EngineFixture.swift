import IngestCore
import IngestEngine
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

/// Workers with a real store and a clock that the test advances.
struct EngineFixture {
  typealias Behaviour = @Sendable (ScriptedStep.Call, StepContext) async throws -> StepOutput

  let store: StoreFixture
  let log = ScriptedStep.Log()
  let events = Events()
  let surroundings = FakeSurroundings()

  var clock: ManualClock { store.clock }

  init(index: Bool = true, faults: DatabaseFaults = DatabaseFaults()) async throws {
    store = try await StoreFixture(index: index, faults: faults)
  }

  static func workflow(_ steps: [StepDefinition], deadline: Duration? = nil) -> PinnedWorkflow {
    let definition = WorkflowDefinition(name: "scripted", deadline: deadline, steps: steps)
    let text = steps.map { "\($0.id)-\($0.timeout)-\($0.retry.attempts)" }.joined(separator: "-")
    return PinnedWorkflow(
      version: ContentHash(rawValue: "version-\(text)-\(deadline ?? .zero)"), definition: definition)
  }

  static let twoSteps = workflow([ScriptedStep.definition("one"), ScriptedStep.definition("two")])
  static let oneStep = workflow([ScriptedStep.definition("one")])

  /// Waits for ever, but stops when it is cancelled.
  static let hang: Behaviour = { _, context in
    try await context.clock.sleep(for: .seconds(1_000_000))
    return StepOutput()
  }

  func submit(
    _ uri: String = "/a", workflow: PinnedWorkflow = twoSteps, source: String = "default", notBefore: Timestamp? = nil
  ) async throws -> JobID {
    let request = StoreFixture.request(uri, "text of \(uri)", source: source, workflow: workflow, notBefore: notBefore)
    return try #require(try await store.store.submit(request).job)
  }

  func submit(_ uris: [String], sources: Int = 1) async throws -> [JobID] {
    var jobs: [JobID] = []
    for (number, uri) in uris.enumerated() {
      jobs.append(try await submit(uri, source: number % sources == 0 ? "default" : "source-\(number % sources)"))
    }
    return jobs
  }

  /// Returns options with long leases, so that only tests about leases see one end.
  static func options(
    concurrency: Int = 4, drains: Bool = true, lease: Duration = .seconds(86_400), heartbeat: Duration = .seconds(10),
    scope: WorkScope = WorkScope()
  ) -> WorkerOptions {
    WorkerOptions(concurrency: concurrency, scope: scope, lease: lease, heartbeat: heartbeat, drains: drains)
  }

  /// A worker that runs until it is stopped.
  static let staying = options(drains: false)

  func worker(
    _ name: String = "worker", options: WorkerOptions = options(), store queue: (any QueueStore)? = nil,
    scheduler: Scheduler? = nil, _ behaviour: @escaping Behaviour = { _, _ in StepOutput() }
  ) -> Worker {
    let queue = queue ?? store.store
    let runner = WorkflowRunner(
      store: queue, registry: StepRegistry([ScriptedStep(log: log, behaviour)]), clock: clock, random: SystemRandom())
    return Worker(
      registration: registration(name), store: queue, runner: runner, surroundings: surroundings, scheduler: scheduler,
      clock: clock, options: options
    ) { [events] event in events.add(event) }
  }

  func registration(_ name: String) -> WorkerRegistration {
    WorkerRegistration(
      id: WorkerID(rawValue: name), process: 1, host: "here", bootID: clock.bootID,
      liveness: LivenessToken(rawValue: "/" + name), concurrency: 4
    )
  }

  /// Claims the next jobs for a worker that is then declared dead.
  func die(_ name: String, jobs: Int = 1) async throws {
    let worker = try await store.worker(name)
    _ = try await store.claim(worker, limit: jobs)
    _ = try await store.store.reclaim(dead: worker)
  }

  /// Runs the worker until it ends, while the clock advances in small steps.
  func drain(_ worker: Worker) async throws -> WorkerEnd {
    try await withThrowingTaskGroup(of: WorkerEnd?.self) { group in
      group.addTask { try await worker.run() }
      return try await end(&group)
    }
  }

  /// Runs the worker beside the test's body, then stops it and lets its grace period pass.
  func run(_ worker: Worker, _ body: () async throws -> Void) async throws -> WorkerEnd {
    try await withThrowingTaskGroup(of: WorkerEnd?.self) { group in
      group.addTask { try await worker.run() }
      let result: Result<Void, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      worker.stop()
      let end = try await end(&group)
      try result.get()
      return end
    }
  }

  private func end(_ group: inout ThrowingTaskGroup<WorkerEnd?, any Error>) async throws -> WorkerEnd {
    group.addTask { [clock] in
      while !Task.isCancelled {
        clock.advance(by: .milliseconds(250))
        try? await Task.sleep(for: .milliseconds(1))
      }
      return nil
    }
    defer { group.cancelAll() }
    while let next = try await group.next() {
      if let end = next { return end }
    }
    throw CancellationError()
  }

  func report(_ job: JobID) async throws -> JobReport { try await store.store.job(job) }

  func areCompleted(_ jobs: [JobID]) async throws -> Bool {
    for job in jobs {
      guard try await report(job).state == .completed else { return false }
    }
    return true
  }

  /// Waits for an effect of other threads. The clock advances by `step` after each check.
  func until(_ what: String, each step: Duration = .zero, _ condition: () async throws -> Bool) async throws {
    try await eventually(what, read: condition) { isMet in
      if !isMet, step > .zero { clock.advance(by: step) }
      return isMet
    }
  }

  func untilRunning() async throws { try await until("the first step runs") { !log.calls.isEmpty } }
}
