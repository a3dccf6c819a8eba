import IngestCore
import Testing

@Suite("Verdicts")
struct VerdictTests {
  private let workflow = PinnedWorkflow(
    version: ContentHash(rawValue: "1"),
    definition: WorkflowDefinition(
      name: "ingest", steps: ["parse", "chunk"].map { StepDefinition(id: $0, uses: $0) }))

  private func job(_ state: JobState, reason: QueuedReason? = nil) -> JobSubject {
    JobSubject(id: "job", state: state, reason: reason?.rawValue, revision: 3, document: 7, generation: 1)
  }

  private func facts(_ change: (inout RerunFacts) -> Void = { _ in }) -> RerunFacts {
    var facts = RerunFacts(
      wantedRevision: 3, workflow: workflow, finished: [StepPlan.Finished(position: 0, id: "parse")])
    change(&facts)
    return facts
  }

  private func decided(_ action: JobAction, _ job: JobSubject) -> BulkDecision? {
    guard case .decided(let decision) = action.question(about: job) else { return nil }
    return decision
  }

  private func rerun(
    _ action: JobAction, _ job: JobSubject, _ facts: RerunFacts, _ taken: inout BulkReservations
  ) throws -> BulkDecision {
    guard case .rerun(let rerun) = action.question(about: job) else {
      throw Failure(.permanent, code: "TEST", "It is no rerun.")
    }
    return rerun.decide(facts, taken: &taken)
  }

  private func rerun(_ action: JobAction, _ job: JobSubject, _ facts: RerunFacts) throws -> BulkDecision {
    var taken = BulkReservations()
    return try rerun(action, job, facts, &taken)
  }

  @Test(
    "cancel ends a job that does not run, stops a running one, and refuses an ended one", arguments: JobState.allCases)
  func cancel(_ state: JobState) {
    let decision = decided(.cancel, job(state))
    switch state {
    case .queued, .waiting: #expect(decision?.verdict == .cancelled)
    case .running: #expect(decision?.verdict == .stopping)
    case .completed, .cancelled, .dead: #expect(decision?.refusal?.code == "JOB_ENDED")
    }
  }

  @Test("retry accepts queued jobs, except one that waits for an earlier job")
  func retry() {
    #expect(decided(.retry, job(.queued, reason: .retrying))?.verdict == .due)
    #expect(decided(.retry, job(.queued, reason: .afterPrevious))?.refusal?.code == "JOB_NOT_QUEUED")
    #expect(decided(.retry, job(.running))?.refusal?.code == "JOB_NOT_QUEUED")
  }

  @Test("purge accepts dead letters once their children have ended")
  func purge() {
    #expect(decided(.purge, job(.completed))?.refusal?.code == "DEAD_NOT_FOUND")
    guard case .purge(let subject) = JobAction.purge.question(about: job(.dead)) else {
      Issue.record("a purge depends on the dead letter's children")
      return
    }
    #expect(BulkDecision(purging: subject, isEndingChildren: false).verdict == .purged)
    #expect(BulkDecision(purging: subject, isEndingChildren: true).refusal?.code == "CHILDREN_ENDING")
  }

  @Test("a dead letter continues at its failed step")
  func redrive() throws {
    let decision = try rerun(.redrive(.init()), job(.dead), facts())
    #expect(decision.verdict == .redriven)
    #expect(decision.plan?.steps.keptIDs == ["parse"])
    #expect(try rerun(.redrive(.init(fromStart: true)), job(.dead), facts()).plan?.steps.keptIDs == [])
    #expect(decided(.redrive(.init()), job(.cancelled))?.refusal?.code == "DEAD_NOT_FOUND")
  }

  @Test("a newer revision, or a deleted generation, makes a rerun needless")
  func needless() throws {
    let changes: [(inout RerunFacts) -> Void] = [
      { $0.wantedRevision = 4 }, { $0.wantedRevision = nil }, { $0.isGenerationGone = true },
    ]
    for change in changes {
      #expect(try rerun(.redrive(.init()), job(.dead), facts(change)).verdict == .superseded)
      #expect(try rerun(.replay(.init()), job(.dead), facts(change)).refusal?.code == "JOB_SUPERSEDED")
    }
  }

  @Test("an open job of the same revision does the same work; a rerun waits for one of another revision")
  func busy() throws {
    let same = facts { $0.openRevisions = [3] }
    #expect(try rerun(.redrive(.init()), job(.dead), same).verdict == .superseded)
    #expect(try rerun(.replay(.init()), job(.completed), same).refusal?.code == "DOCUMENT_BUSY")
    let older = try rerun(.redrive(.init()), job(.dead), facts { $0.openRevisions = [2] })
    #expect(older.verdict == .redriven)
    #expect(older.plan?.steps.isBlocked == true)
  }

  @Test("a singleton has one open job, also within one dry run")
  func singleton() throws {
    let held = facts { $0.singletonHolder = "other" }
    #expect(try rerun(.replay(.init()), job(.completed), held).refusal?.code == "SINGLETON_BUSY")
    var taken = BulkReservations()
    let single = facts { $0.singleton = "ingest/1/source=a" }
    #expect(try rerun(.replay(.init()), job(.completed), single, &taken).verdict == .replayed)
    var second = job(.completed)
    second.document = 8
    #expect(try rerun(.replay(.init()), second, single, &taken).refusal?.code == "SINGLETON_BUSY")
  }

  @Test("one command reruns a document, or a task, once; children may have the same task")
  func taken() throws {
    var document = BulkReservations()
    #expect(try rerun(.replay(.init()), job(.completed), facts(), &document).verdict == .replayed)
    #expect(try rerun(.replay(.init()), job(.completed), facts(), &document).refusal?.code == "DOCUMENT_BUSY")
    var task = job(.completed)
    (task.document, task.revision) = (nil, nil)
    var tasks = BulkReservations()
    #expect(try rerun(.replay(.init()), task, facts(), &tasks).verdict == .replayed)
    #expect(try rerun(.replay(.init()), task, facts(), &tasks).refusal?.code == "DOCUMENT_BUSY")
    task.isChild = true
    for _ in 0..<2 { #expect(try rerun(.replay(.init()), task, facts(), &tasks).verdict == .replayed) }
  }

  @Test("a refused rerun reserves nothing")
  func refusedTakesNothing() throws {
    var taken = BulkReservations()
    let wrong = JobAction.replay(ReplayOptions(from: "nowhere"))
    #expect(try rerun(wrong, job(.completed), facts(), &taken).refusal?.code == "STEP_NOT_FOUND")
    #expect(try rerun(.replay(.init()), job(.completed), facts(), &taken).verdict == .replayed)
  }

  @Test("a replay from a step needs the blobs of the steps before it")
  func blobs() throws {
    let gone = facts { $0.areBlobsKept = false }
    let late = JobAction.replay(ReplayOptions(from: "chunk"))
    #expect(try rerun(late, job(.completed), gone).refusal?.code == "CHECKPOINTS_COLLECTED")
    #expect(try rerun(.replay(.init()), job(.completed), gone).verdict == .replayed)
    #expect(try rerun(.redrive(.init()), job(.dead), gone).verdict == .redriven)
    #expect(decided(late, job(.running))?.refusal?.code == "JOB_NOT_FINISHED")
  }

  @Test("a lost chunk is redriven by a replay of its job, from the first step if the checkpoints are gone")
  func chunk() throws {
    let redrive = JobAction.redrive(.init())
    func question(_ state: JobState, isRedriven: Bool = false) -> VerdictQuestion? {
      redrive.question(aboutChunkLostAt: "chunk", of: job(state), isRedriven: isRedriven)
    }
    for (areKept, kept) in [(true, ["parse"]), (false, [])] {
      guard case .rerun(let rerun)? = question(.completed) else {
        Issue.record("a chunk of a completed job is redriven")
        return
      }
      var taken = BulkReservations()
      let decision = rerun.decide(facts { $0.areBlobsKept = areKept }, taken: &taken)
      #expect(decision.verdict == .replayed)
      #expect(decision.plan?.steps.keptIDs == kept)
    }
    guard case .decided(let dead)? = question(.dead),
      case .decided(let again)? = question(.completed, isRedriven: true)
    else {
      Issue.record("neither depends on anything else")
      return
    }
    #expect(dead.refusal?.code == "CHUNK_OF_DEAD")
    #expect(again.verdict == .redriven)
    if JobAction.cancel.question(aboutChunkLostAt: "chunk", of: job(.dead), isRedriven: false) != nil {
      Issue.record("a lost chunk cannot be cancelled")
    }
  }
}
