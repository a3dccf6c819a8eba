import IngestCore
import Testing

@Suite("Limits as values")
struct LimitTests {
  @Test(
    "an amount is printed in the form in which it is parsed, by its kind",
    arguments: [
      (.throttle, "60/m burst 10"), (.throttle, "1/4h"), (.rateLimit, "1000/h"), (.concurrency, "4"),
      (.concurrency, "1000000"),
    ] as [(Limit.Kind, String)])
  func amounts(_ kind: Limit.Kind, _ text: String) throws {
    let amount = try Limit.Amount(kind, text)
    #expect(amount.kind == kind)
    #expect(amount.description == text)
    #expect(try Limit.Amount(kind, amount.description) == amount)
  }

  @Test(
    "the text of another kind is refused, and so is an amount out of bounds",
    arguments: [
      (.throttle, "4"), (.rateLimit, ""), (.concurrency, "60/m"), (.concurrency, "0"), (.concurrency, "1000001"),
      (.concurrency, "+x"), (.throttle, "0/m"),
    ] as [(Limit.Kind, String)])
  func refused(_ kind: Limit.Kind, _ text: String) {
    let error = #expect(throws: PolicyError.self) { try Limit.Amount(kind, text) }
    #expect(error?.failure.code == "LIMIT_INVALID")
  }

  @Test("two limits are the same if only their amount or origin differs")
  func identity() throws {
    func limit(
      _ kind: Limit.Kind = .throttle, _ text: String = "60/m", per key: LimitKey = .source,
      counting unit: Limit.Unit = .jobs, scope: LimitScope = .init(source: "a"), origin: Origin = .live
    ) throws -> Limit {
      try Limit(.init(kind, text), per: key, counting: unit, scope: scope, origin: origin)
    }
    let one = try limit()
    #expect(try one.id == limit(.throttle, "1/h burst 3", origin: .configuration).id)
    #expect(try one != limit(.throttle, "1/h"))
    #expect(try one != limit(origin: .configuration) && one == limit(origin: .configuration).live)
    let others = [
      try limit(.rateLimit), try limit(.concurrency, "4"), try limit(per: .index), try limit(per: .meta("team")),
      try limit(counting: .steps), try limit(scope: .init()), try limit(scope: .init(source: "b")),
      try limit(scope: .init(source: "a", index: "docs")), try limit(scope: .init(source: "a", workflow: "ingest")),
      try limit(scope: .init(source: "a", provider: "hash")),
    ]
    #expect(Set(others.map(\.id) + [one.id]).count == others.count + 1)
    #expect(Set(others.map(\.id.description) + [one.id.description]).count == others.count + 1)
  }

  @Test("gates and the journal name a limit by its identity; the names must not change, since they are stored")
  func names() {
    let names: [(Limit.ID, String)] = [
      (.init(.throttle, per: .source), "throttle per source"),
      (.init(.throttle, per: .source, scope: .init(source: "a")), "throttle per source a"),
      (
        .init(.rateLimit, per: .document, scope: .init(source: "a", index: "docs")),
        "rate-limit per document (source a, index docs)"
      ),
      (
        .init(.throttle, per: .provider, counting: .tokens, scope: .init(provider: "openai")),
        "throttle of tokens per provider openai"
      ),
      (
        .init(.concurrency, per: .meta("team"), counting: .steps, scope: .init(workflow: "ingest")),
        "concurrency of steps per meta.team (workflow ingest)"
      ),
    ]
    for (id, name) in names { #expect(id.description == name) }
  }

  @Test("a limit whose parts do not fit together is refused; lifting it needs no amount and is possible")
  func fits() throws {
    let rate = try RateSpec("60/m")
    let wrong: [(Limit.Amount, LimitKey, Limit.Unit, LimitScope, [Limit.Misfit.Field])] = [
      (.rateLimit(rate), .source, .tokens, .init(), [.counts]),
      (.rateLimit(rate), .provider, .jobs, .init(provider: "a"), [.per, .provider]),
      (.concurrency(try ConcurrencyLimit(3)), .source, .requests, .init(), [.counts]),
      (.throttle(rate), .source, .tokens, .init(source: "a", workflow: "b"), [.per, .source, .workflow]),
    ]
    for (amount, key, unit, scope, fields) in wrong {
      let error = #expect(throws: PolicyError.self) {
        try Limit(amount, per: key, counting: unit, scope: scope, origin: .live)
      }
      guard case .changeLimit(let misfits)? = error else {
        Issue.record("\(error as Any)")
        continue
      }
      #expect(misfits.map(\.field) == fields)
      #expect(error?.failure.message == "The limit is not valid: \(misfits[0].problem).")
      #expect(error?.failure.category == .invalid)
      let id = Limit.ID(amount.kind, per: key, counting: unit, scope: scope)
      #expect(LimitEntry.lift(id).limit == nil && LimitChange.lift(id).id == id)
    }
    #expect(Limit.Unit.tokens.standardKey == .provider && Limit.Unit.steps.standardKey == .source)
  }

  @Test("a live limit or a lift hides the configured limit with the same identity, and no other")
  func inForce() throws {
    func limit(_ text: String, _ source: String, _ origin: Origin) throws -> Limit {
      try Limit(.init(.throttle, text), per: .source, scope: .init(source: source), origin: origin)
    }
    let a = try limit("1/h", "a", .configuration)
    let b = try limit("2/h", "b", .configuration)
    let c = try limit("3/h", "c", .configuration)
    let live = try limit("9/h", "a", .live)
    let entries: [LimitEntry] = [.limit(a), .limit(live), .limit(b), .lift(b.id), .limit(c)]
    #expect(entries.inForce == [.limit(live), .lift(b.id), .limit(c)])
    #expect(entries.inForce.compactMap(\.limit) == [live, c])
  }
}
