import IngestCore
import Testing

@Suite("The rules in force")
struct FlowRulesTests {
  private let place = LanePlace(source: "handbook", index: "docs", workflow: "ingest", provider: "openai")
  private let alone = LanePlace(source: "handbook", index: nil, workflow: "ingest", provider: "")

  private static func rules(_ limits: Limit..., paused: Set<String> = []) -> FlowRules {
    FlowRules(pausedWorkflows: paused, limits: limits)
  }

  private static func two(per key: LimitKey) throws -> Limit { try limit(.init(.concurrency, "2"), per: key) }

  private static func limit(_ amount: Limit.Amount, per key: LimitKey, counting unit: Limit.Unit = .jobs) throws
    -> Limit
  {
    try Limit(amount, per: key, counting: unit, origin: .live)
  }

  @Test("each limit gates one thing: starts of jobs, starts of steps, submits, or calls")
  func sorts() throws {
    let rate = try RateSpec("2/s")
    let rules = try Self.rules(
      Self.two(per: .source), Self.limit(.throttle(rate), per: .source),
      Self.limit(.throttle(rate), per: .source, counting: .steps),
      Self.limit(.rateLimit(rate), per: .source), Self.limit(.throttle(rate), per: .provider, counting: .requests),
      Self.limit(.throttle(rate), per: .provider, counting: .tokens))
    #expect(rules.starts.count == 2 && rules.steps.count == 1 && rules.submits.count == 1 && rules.calls.count == 2)
  }

  @Test("a lane has a gate for its pause, then one for each limit that covers it, in order")
  func gates() throws {
    let rules = try Self.rules(Self.two(per: .source), Self.two(per: .index), paused: ["ingest", "other"])
    #expect(
      rules.gates(of: place, LaneKey())?.map(\.name)
        == [
          "pause of workflow ingest", try Self.two(per: .source).id.gate("handbook"),
          try Self.two(per: .index).id.gate("docs"),
        ])
    #expect(rules.gates(of: alone, LaneKey())?.count == 2)
    #expect(Self.rules().gates(of: place, LaneKey()) == [])
  }

  @Test("the jobs of a lane without a workflow, or without a value that a limit counts by, must move to other lanes")
  func older() throws {
    var old = place
    old.workflow = ""
    #expect(Self.rules().gates(of: old, LaneKey()) == nil)
    let rules = try Self.rules(Self.two(per: .tenant))
    #expect(rules.gates(of: place, LaneKey()) == nil)
    #expect(rules.gates(of: alone, LaneKey()) == [])
    var traits = LaneKey()
    traits.keys = ["tenant": "acme"]
    #expect(rules.gates(of: place, traits)?.map(\.name) == [try Self.two(per: .tenant).id.gate("acme")])
  }

  @Test("a parked job also asks the limits on all steps, its step's own limits, and its dependency")
  func parked() throws {
    let steps = try Self.limit(.throttle(try RateSpec("1/s")), per: .source, counting: .steps)
    let rules = Self.rules(steps)
    var traits = LaneKey()
    #expect(rules.gates(of: place, traits) == [])
    traits.step = StepGates(workflow: "ingest", step: "embed", concurrency: 1)
    traits.dependency = "qdrant"
    #expect(
      rules.gates(of: place, traits)?.map(\.name)
        == ["\(steps.id): handbook", "concurrency of step ingest/embed", "qdrant"])
  }

  @Test("a step asks the limits on all steps and its own limits; a value that the lane lacks is read from the job")
  func steps() throws {
    let step = StepGates(workflow: "ingest", step: "embed", concurrency: 1)
    let limit = try Self.limit(.throttle(try RateSpec("1/s")), per: .tenant, counting: .steps)
    #expect(try Self.rules(Self.two(per: .source)).gates(ofStep: step, in: place, LaneKey())?.count == 1)
    #expect(Self.rules(limit).gates(ofStep: step, in: place, LaneKey()) == nil)
    var traits = LaneKey()
    traits.keys = ["tenant": "acme"]
    #expect(Self.rules(limit).gates(ofStep: step, in: place, traits)?.count == 2)
    #expect(Self.rules(limit).ownKeys == [.tenant])
  }

  @Test("the rules list each job key that a limit on starts counts by, once")
  func ownKeys() throws {
    let rate = try RateSpec("1/s")
    let rules = try Self.rules(
      Self.two(per: .source), Self.two(per: .tenant), Self.limit(.throttle(rate), per: .tenant),
      Self.two(per: .meta("team")),
      Self.limit(.rateLimit(rate), per: .document))
    #expect(rules.ownKeys == [.tenant, .meta("team")])
    #expect(Self.rules().ownKeys.isEmpty)
  }

  @Test("rate limits count a submit by each key, and the start of a workflow by source and workflow alone")
  func rates() throws {
    let definition = WorkflowDefinition(name: "ingest", steps: [])
    let workflow = PinnedWorkflow(version: ContentHash(rawValue: "v"), definition: definition)
    let submit = RatedWork(
      SubmitRequest(
        index: "docs", source: "handbook", uri: "/a", change: .delete, meta: ["tenant": "acme"], workflow: workflow,
        actor: "test"))
    let start = RatedWork(
      EnqueueRequest(
        workflow: workflow, input: "{}", inputHash: ContentHash(rawValue: "h"), source: "handbook",
        keyLife: .seconds(1), actor: "test"))
    let rate = try RateSpec("1/s")
    let keys = [LimitKey.source, .workflow, .index, .tenant, .document, .meta("team")]
    let rules = try FlowRules(limits: keys.map { try Self.limit(.rateLimit(rate), per: $0) })
    #expect(rules.gates(of: submit).count == 6)
    #expect(rules.gates(of: start).map(\.name).count == 2)
    #expect(rules.gates(of: submit).contains { $0.name.hasSuffix(": docs handbook /a") })
  }
}
