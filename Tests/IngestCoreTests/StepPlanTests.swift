import IngestCore
import Testing

@Suite("Step plans")
struct StepPlanTests {
  private func pinned(_ steps: [StepDefinition], version: String = "1", deadline: Duration? = nil) -> PinnedWorkflow {
    PinnedWorkflow(
      version: ContentHash(rawValue: version),
      definition: WorkflowDefinition(name: "ingest", deadline: deadline, steps: steps))
  }

  private let steps = ["parse", "chunk", "embed"].map { StepDefinition(id: $0, uses: $0) }
  private let finished = [StepPlan.Finished(position: 1, id: "chunk"), StepPlan.Finished(position: 0, id: "parse")]

  private func plan(_ from: StepPlan.From, latest: [String: PinnedWorkflow]? = nil) throws -> StepPlan {
    try StepPlan(own: pinned(steps), latest: latest, from: from, finished: finished, isBlocked: false)
  }

  @Test("a job that continues keeps every checkpoint, in order")
  func whereItStopped() throws {
    let plan = try plan(.whereItStopped)
    #expect(plan.position == 3)
    #expect(plan.keptIDs == ["parse", "chunk"])
    #expect(plan.latest == nil)
  }

  @Test("a rerun from a step keeps only the checkpoints before it; from the start it keeps none")
  func from() throws {
    #expect(try plan(.step("chunk")).keptIDs == ["parse"])
    #expect(try plan(.step("chunk")).position == 1)
    #expect(try plan(.start).keptIDs.isEmpty)
  }

  @Test("with the newest version, checkpoints of the leading unchanged steps are kept")
  func latest() throws {
    var changed = steps
    changed[1].with = ["target": .integer(100)]
    let newest = pinned(changed, version: "2", deadline: .seconds(60))
    for from in [StepPlan.From.whereItStopped, .step("embed")] {
      let plan = try plan(from, latest: ["ingest": newest])
      #expect(plan.latest == newest)
      #expect(plan.position == 1)
      #expect(plan.keptIDs == ["parse"])
      #expect(plan.deadline == .seconds(60))
    }
  }

  @Test("a step's retry policy and timeout do not count as a change")
  func pace() throws {
    var changed = steps
    changed[0].timeout = .seconds(1)
    changed[0].throttle = try RateSpec("1/s")
    let plan = try plan(.whereItStopped, latest: ["ingest": pinned(changed, version: "2")])
    #expect(plan.keptIDs == ["parse", "chunk"])
  }

  @Test("the same version does not count as newer")
  func same() throws {
    #expect(try plan(.whereItStopped, latest: ["ingest": pinned(steps)]).latest == nil)
  }

  @Test("an unknown step is refused with the nearest name, and a missing workflow by its name")
  func refusals() throws {
    let wrong = #expect(throws: Failure.self) { try plan(.step("chunks")) }
    #expect(wrong?.code == "STEP_NOT_FOUND")
    #expect(wrong?.hint == "Did you mean 'chunk'?")
    let gone = #expect(throws: Failure.self) { try plan(.start, latest: [:]) }
    #expect(gone?.code == "WORKFLOW_GONE")
  }
}
