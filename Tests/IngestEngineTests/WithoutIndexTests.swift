import IngestCore
import IngestEngine
import IngestStore
import IngestTestKit
import Synchronization
import Testing

/// The engine alone: workflows whose steps know no documents, in a store without an index.
@Suite("Workflows without an index")
struct WithoutIndexTests {
  private static func workflow(
    _ name: String, _ steps: [String], retries: Int = 1, onFailure: String? = nil
  ) -> PinnedWorkflow {
    let retry = RetryPolicy(attempts: retries, jitter: .none)
    return PinnedWorkflow(
      version: ContentHash(rawValue: "version-of-\(name)"),
      definition: WorkflowDefinition(
        name: name, steps: steps.map { ScriptedStep.definition($0, retry: retry) },
        onFailure: onFailure.map { ScriptedStep.definition($0) }))
  }

  /// Returns a fixture whose store has no index at all.
  private func fixture() async throws -> EngineFixture { try await EngineFixture(index: false) }

  @Test("steps run in order, pass on their results, and a failed step is retried")
  func steps() async throws {
    let fixture = try await fixture()
    let inputs = Inputs()
    let worker = fixture.worker(inputs: inputs) { input, _ in
      if input.step == "two", input.attempt == 1 { throw Failure(.transient, code: "BUSY", "Busy.") }
      return StepOutput(result: "{\"of\":\"\(input.step)\"}")
    }
    let job = try await fixture.store.start(Self.workflow("plain", ["one", "two", "three"], retries: 3), "{\"n\":7}")
    #expect(try await fixture.drain(worker) == .drained)
    #expect(try await fixture.areCompleted([job]))
    #expect(inputs.all.map(\.step) == ["one", "two", "two", "three"])
    #expect(inputs.all.allSatisfy { $0.task == "{\"n\":7}" })
    #expect(inputs.all.last?.resultsByID == ["one": "{\"of\":\"one\"}", "two": "{\"of\":\"two\"}"])
  }

  @Test("a checkpoint that gathers lets the job continue at once")
  func gathers() async throws {
    let fixture = try await fixture()
    let worker = fixture.worker { call, _ in StepOutput(gathers: call.name == "one") }
    let jobs = [
      try await fixture.store.start(Self.workflow("gather", ["one", "two"])),
      try await fixture.store.start(Self.workflow("gather", ["one", "two"])),
    ]
    #expect(try await fixture.drain(worker) == .drained)
    #expect(try await fixture.areCompleted(jobs))
  }

  @Test("a job can wait for a signal, a time and its children")
  func waits() async throws {
    let fixture = try await fixture()
    let child = Self.workflow("child", ["leaf"])
    let inputs = Inputs()
    let worker = fixture.worker(options: EngineFixture.staying, inputs: inputs) { input, context in
      switch (input.step, input.wake) {
      case ("sleep", nil) where input.cursor == nil:
        return .waiting(for: .until(context.clock.now + .seconds(60)), cursor: "{\"slept\":1}")
      case ("signal", nil):
        return .waiting(for: .signal("go", until: nil))
      case ("children", nil):
        try await context.save(
          StepSave(
            progress: StepProgress(done: 3, unit: "children"),
            children: ChildBatch(
              jobs: (0..<3).map { ChildJob(position: $0, workflow: child, task: "\($0)") }, parallel: 2)))
        return .waiting(for: .children)
      default: return StepOutput()
      }
    }
    let job = try await fixture.store.start(Self.workflow("waits", ["sleep", "signal", "children"]))
    _ = try await fixture.run(worker) {
      try await fixture.until("it waits for the signal", each: .seconds(1)) {
        try await fixture.report(job).waitsFor?.kind == .signal
      }
      _ = try await fixture.store.store.signal(job, name: "go", data: "5", actor: "ann")
      fixture.surroundings.wake()
      try await fixture.until("it is done", each: .milliseconds(100)) { try await fixture.areCompleted([job]) }
    }
    #expect(try await fixture.report(job).children?.completed == 3)
  }

  @Test("a job that dies runs its on-failure step, is a dead letter, and continues where it failed once redriven")
  func dies() async throws {
    let fixture = try await fixture()
    let broken = Broken()
    let worker = fixture.worker { call, _ in
      if call.name == "two", broken.isBroken { throw Failure(.permanent, code: "BROKEN", "Broken.") }
      return StepOutput()
    }
    let job = try await fixture.store.start(Self.workflow("fails", ["one", "two"], onFailure: "tell"))
    #expect(try await fixture.drain(worker) == .drained)
    #expect(fixture.log.names == ["one", "two", "tell"])
    let letter = try #require(try await fixture.store.store.dead(JobFilter()).first)
    #expect(letter.id == job.rawValue && letter.index == nil && letter.error.code == "BROKEN")
    broken.mend()
    _ = try await fixture.store.store.redrive(JobFilter(ids: [job]), actor: "test")
    let second = fixture.worker("second") { _, _ in StepOutput() }
    #expect(try await fixture.drain(second) == .drained)
    #expect(fixture.log.names == ["one", "two", "tell", "two"])
    #expect(try await fixture.areCompleted([job]))
  }

  @Test("a worker for an index drains at once and does not take these jobs")
  func scope() async throws {
    let fixture = try await fixture()
    let job = try await fixture.store.start(Self.workflow("plain", ["one"]))
    let options = EngineFixture.options(scope: WorkScope(indexes: ["docs"]))
    #expect(try await fixture.drain(fixture.worker(options: options)) == .drained)
    #expect(try await fixture.report(job).state == .queued)
    #expect(fixture.log.calls.isEmpty)
  }
}

/// A flag that makes a dependency fail.
private final class Broken: Sendable {
  private let state = Mutex(true)
  var isBroken: Bool { state.withLock { $0 } }
  func mend() { state.withLock { $0 = false } }
}
