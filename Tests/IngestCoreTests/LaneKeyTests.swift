import IngestCore
import Testing

@Suite("Lane keys")
struct LaneKeyTests {
  private let place = LanePlace(source: "handbook", index: "docs", workflow: "ingest", provider: "openai")

  private static func limit(_ scope: LimitScope, per key: LimitKey = .source) -> Limit.ID {
    Limit.ID(.concurrency, per: key, counting: .jobs, scope: scope)
  }

  @Test("limits by index or by provider do not count a lane of jobs without an index")
  func withoutIndex() {
    let place = LanePlace(source: "handbook", index: nil, workflow: "report", provider: "")
    #expect(place.isCovered(by: Self.limit(.init())))
    #expect(!place.isCovered(by: Self.limit(.init(), per: .index)))
    #expect(!place.isCovered(by: Self.limit(.init(), per: .provider)))
    #expect(!place.isCovered(by: Self.limit(.init(index: "docs"))))
  }

  @Test("an empty scope covers every lane, and a named scope only its own")
  func covers() {
    #expect(place.isCovered(by: Self.limit(.init())))
    #expect(
      place.isCovered(by: Self.limit(.init(source: "handbook", index: "docs", workflow: "ingest", provider: "openai"))))
    for other in [
      LimitScope(source: "wiki"), .init(index: "wiki"), .init(workflow: "wiki"), .init(provider: "wiki"),
    ] {
      #expect(!place.isCovered(by: Self.limit(other)))
    }
  }

  @Test("a lane has its own names, but has values of a job's own keys only if it was made for them")
  func values() {
    var traits = LaneKey()
    #expect(traits.isEmpty)
    #expect(place.value(of: .source, traits) == "handbook")
    #expect(place.value(of: .provider, traits) == "openai")
    #expect(place.value(of: .tenant, traits) == nil)
    traits.keys = JobTraits(document: "d1", meta: ["tenant": "acme", "team": "a"]).values(of: [.tenant, .meta("team")])
    #expect(place.value(of: .tenant, traits) == "acme")
    #expect(place.value(of: .meta("team"), traits) == "a")
    #expect(place.value(of: .document, traits) == nil)
    #expect(!traits.isEmpty)
  }

  @Test("a job without a document has empty values; without keys there are no values")
  func none() {
    #expect(JobTraits.none.values(of: []) == nil)
    #expect(JobTraits.none.values(of: [.document, .tenant]) == ["document": "", "tenant": ""])
  }

  @Test("a step's limits are its own gates, and only its slots are released at the step's end")
  func step() throws {
    let gates = StepGates(
      workflow: "ingest", step: "embed", throttle: try RateSpec("1/s"), concurrency: 2
    ).gates
    #expect(gates.map(\.name) == ["throttle of step ingest/embed", "concurrency of step ingest/embed"])
    #expect(gates.map(\.isOfStep) == [false, true])
    #expect(gates.map(\.kind) == ["throttle", "concurrency"])
    #expect(StepGates(workflow: "ingest", step: "embed").gates.isEmpty)
  }
}
