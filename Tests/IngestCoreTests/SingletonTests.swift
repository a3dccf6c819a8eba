import IngestCore
import Testing

@Suite("Singleton claims")
struct SingletonTests {
  private static let other = SingletonClaim.Holder(isQueued: true)
  private static let running = SingletonClaim.Holder(isQueued: false, isOfSameDocument: true)
  private static let older = SingletonClaim.Holder(isQueued: true, isOfSameDocument: true)

  private static func start(_ singleton: Singleton?) -> EnqueueRequest {
    var definition = WorkflowDefinition(name: "report", steps: [])
    definition.singleton = singleton
    return EnqueueRequest(
      workflow: PinnedWorkflow(version: ContentHash(rawValue: "v"), definition: definition), input: "{}",
      inputHash: ContentHash(rawValue: "of input"), source: "handbook", idempotencyKey: "k", keyLife: .seconds(9),
      actor: "test")
  }

  @Test("without a holder the job takes the name")
  func free() {
    for mode in Singleton.Mode.allCases {
      #expect(SingletonClaim(name: "n", mode: mode).decide(holder: nil) == .take)
      #expect(SingletonClaim(name: "n", mode: mode).decideAccepted(holder: nil) == .take)
    }
  }

  @Test("if another job holds the name, the newer job is skipped or replaces it")
  func held() {
    #expect(SingletonClaim(name: "n", mode: .skip).decide(holder: Self.other) == .skip)
    #expect(SingletonClaim(name: "n", mode: .cancel).decide(holder: Self.other) == .replace)
  }

  @Test("the job of an accepted submit always runs: without the name, or in place of the job that holds it")
  func accepted() {
    let (skip, cancel) = (SingletonClaim(name: "n", mode: .skip), SingletonClaim(name: "n", mode: .cancel))
    #expect(skip.decideAccepted(holder: Self.other) == .goWithout)
    #expect(cancel.decideAccepted(holder: Self.other) == .replace)
    #expect(skip.decideAccepted(holder: Self.running) == .goWithout)
    #expect(cancel.decideAccepted(holder: Self.running) == .replace)
  }

  @Test("an older queued job of the same document is superseded in any case, so the newer one takes the name")
  func superseded() {
    for mode in Singleton.Mode.allCases {
      #expect(SingletonClaim(name: "n", mode: mode).decideAccepted(holder: Self.older) == .take)
    }
  }

  @Test("the name has workflow, generation, key and value; a job without an index has only source and workflow")
  func names() {
    var definition = WorkflowDefinition(name: "ingest", steps: [])
    definition.singleton = Singleton(key: .meta("team"), mode: .skip)
    let submit = SubmitRequest(
      index: "docs", source: "handbook", uri: "/a", change: .delete, meta: ["team": "a"],
      workflow: PinnedWorkflow(version: ContentHash(rawValue: "v"), definition: definition), actor: "test")
    #expect(submit.singleton(generation: 7)?.name == "ingest/7/meta.team=a")
    #expect(Self.start(Singleton(key: .source, mode: .skip)).singleton?.name == "report/-/source=handbook")
    #expect(Self.start(Singleton(key: .workflow, mode: .skip)).singleton?.name == "report/-/workflow=")
    for key in [LimitKey.index, .document, .tenant, .meta("team"), .provider] {
      #expect(Self.start(Singleton(key: key, mode: .skip)).singleton == nil)
    }
    #expect(Self.start(nil).singleton == nil)
  }

  @Test("the start of a workflow repeats its first answer, is skipped, replaces, or is accepted")
  func enqueue() throws {
    let holder = OpenJob(id: JobID(rawValue: "01JOB"), state: .running)
    let (skip, cancel) = (
      Self.start(Singleton(key: .source, mode: .skip)), Self.start(Singleton(key: .source, mode: .cancel))
    )
    #expect(
      try EnqueueDecision(skip, firstAnswer: nil, holder: holder)
        == .skipped(EnqueueReceipt(job: holder.id, state: .running, outcome: .skipped)))
    #expect(try EnqueueDecision(cancel, firstAnswer: nil, holder: holder) == .accepted(replacesHolder: true))
    #expect(try EnqueueDecision(skip, firstAnswer: nil, holder: nil) == .accepted(replacesHolder: false))
    #expect(try EnqueueDecision(Self.start(nil), firstAnswer: nil, holder: holder) == .accepted(replacesHolder: false))
    let receipt = EnqueueReceipt(job: holder.id, state: .completed, outcome: .duplicate)
    var first = EnqueueDecision.FirstAnswer(request: skip.idempotencyRequest, receipt: receipt)
    #expect(try EnqueueDecision(skip, firstAnswer: first, holder: nil) == .repeated(receipt))
    first.request = "workflow:other"
    let failure = #expect(throws: Failure.self) { try EnqueueDecision(skip, firstAnswer: first, holder: nil) }
    #expect(failure?.code == "IDEMPOTENCY_KEY_REUSED")
  }
}
