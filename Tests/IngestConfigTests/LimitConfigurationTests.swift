import FoundationEssentials
import IngestConfig
import IngestCore
import Testing

@Suite("Limits, weights and pauses in the configuration")
struct LimitConfigurationTests {
  private func load(
    _ text: String? = nil, environment: [String: String] = [:], flags: [String: String] = [:]
  ) throws -> (loaded: LoadedConfiguration?, diagnostics: [String]) {
    let path = FileManager.default.temporaryDirectory.path + "/limits-\(UUID().uuidString).yaml"
    try text?.write(toFile: path, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    do throws(ConfigurationError) {
      return (try Configuration.load(file: text.map { _ in path }, environment: environment, flags: flags), [])
    } catch {
      guard case .invalid(let diagnostics) = error else { throw error }
      return (nil, diagnostics.map { $0.description.replacing(path, with: "f") })
    }
  }

  private func flow(_ text: String? = nil, environment: [String: String] = [:]) throws -> ConfiguredFlow {
    let result = try load(text, environment: environment)
    #expect(result.diagnostics == [])
    return try #require(result.loaded).configuration.flow()
  }

  private static let file = """
    sources:
      handbook: {throttle: 60/m, burst: 10, concurrency: 4, rate-limit: 1000/h, weight: 2, paused: false}
      Wiki_2: {paused: true}
    limits:
      - throttle: 1000/h burst 50
        per: index
        source: handbook
      - rate-limit: 1/4h
        per: document
      - concurrency: 4
        per: meta.team
        index: docs
      - {throttle: 3000/m, counts: requests}
      - {throttle: 10 per 30s, counts: steps, workflow: ingest, provider: hash}
    """

  @Test("sources and limits become the rules that the store applies")
  func rules() throws {
    let flow = try flow(Self.file)
    func rule(
      _ kind: Limit.Kind, _ key: LimitKey, _ unit: Limit.Unit = .jobs, _ scope: LimitScope = .init(),
      _ spec: String
    ) throws -> Limit {
      try Limit(.init(kind, spec), per: key, counting: unit, scope: scope, origin: .configuration)
    }
    let handbook = LimitScope(source: "handbook")
    let expected = try [
      rule(.throttle, .source, .jobs, handbook, "60/m burst 10"),
      rule(.rateLimit, .source, .jobs, handbook, "1000/h"), rule(.concurrency, .source, .jobs, handbook, "4"),
      rule(.throttle, .index, .jobs, handbook, "1000/h burst 50"),
      rule(.rateLimit, .document, .jobs, .init(), "1/4h"),
      rule(.concurrency, .meta("team"), .jobs, .init(index: "docs"), "4"),
      rule(.throttle, .provider, .requests, .init(), "3000/m"),
      rule(.throttle, .source, .steps, .init(workflow: "ingest", provider: "hash"), "10/30s"),
    ]
    #expect(flow.limits == expected)
    #expect(
      flow.sources == [.init(name: "Wiki_2", paused: true), .init(name: "handbook", weight: 2, paused: false)])
  }

  @Test("the fingerprint depends on the settings, not on how they are written")
  func fingerprint() throws {
    let one = try flow("limits: [{throttle: 60/m, per: index}, {concurrency: 2}]\nsources: {a: {weight: 2}}")
    let same = try flow(
      "# again\nsources:\n  a:\n    weight: 2.0\nlimits:\n  - concurrency: 2\n    per: source\n  - {per: index, throttle: 60 per minute}"
    )
    #expect(one.fingerprint == same.fingerprint)
    let texts = [
      "limits: [{throttle: 60/m, per: index}, {concurrency: 3}]\nsources: {a: {weight: 2}}",
      "limits: [{throttle: 60/m, per: workflow}, {concurrency: 2}]\nsources: {a: {weight: 2}}",
      "limits: [{throttle: 60/m, per: index, source: a}, {concurrency: 2}]\nsources: {a: {weight: 2}}",
      "limits: [{throttle: 60/m, per: index, counts: steps}, {concurrency: 2}]\nsources: {a: {weight: 2}}",
      "limits: [{throttle: 60/m, per: index}, {concurrency: 2}]\nsources: {a: {weight: 2, paused: false}}",
      "limits: [{throttle: 60/m, per: index}, {concurrency: 2}]\nsources: {b: {weight: 2}}",
      "limits: [{rate-limit: 60/m, per: index}, {concurrency: 2}]\nsources: {a: {weight: 2}}", "",
    ]
    var seen = [one.fingerprint]
    for text in texts { seen.append(try flow(text).fingerprint) }
    #expect(Set(seen).count == texts.count + 1)
  }

  @Test("every mistake is reported with its place and a correction")
  func mistakes() throws {
    let text = """
      sources:
        a: {throttle: 0/m, weight: 0, paused: yes, concurrency: 0}
        b: {burst: 3}
        c: {throttle: 60/m burst 5, burst: 3}
        d: {throttle: 60/0s, rate-limit: 60, per: index}
        e: {throttle: 1/366d, burst: 11}
        -f: {weight: 2}
        g: {thortle: 1/m}
      limits:
        - throttle: 60/m
          concurrency: 2
        - per: index
        - {throttle: 60/m, per: indx}
        - {rate-limit: 60/m, counts: tokens}
        - {concurrency: 4, counts: requests}
        - {throttle: 60/m, counts: tokens, per: source}
        - {throttle: 60/m, counts: requests, source: a}
        - {throttle: 60/m, burst: 4}
        - 60/m
        - {throttle: 60/m, counts: job}
        - {throttle: 60/m, provider: hsh}
        - ~
        - {throttle: 60/fortnight}
        - {rate-limit: 9/h, per: provider}
      """
    let expected = [
      "f:2:17: sources.a.throttle: \"0/m\": nothing could ever start; to stop a source, pause it (\(Self.rate))",
      "f:2:30: sources.a.weight: expected a number from 0.01 to 1000, found the number 0",
      "f:2:41: sources.a.paused: expected true or false, found the text \"yes\" (write true)",
      "f:2:59: sources.a.concurrency: expected a whole number from 1 to 1000000, found the number 0",
      "f:3:14: sources.b has a burst but no throttle"
        + " (add a throttle such as 60/m, or remove burst)",
      "f:4:38: sources.c has two bursts: its throttle is already 60/m burst 5 (keep one of them)",
      "f:5:17: sources.d.throttle: \"60/0s\": the period must be longer than 0s (\(Self.rate))",
      "f:5:36: sources.d.rate-limit: \(Self.rate), found the number 60 (add a period: 60/m for a minute)",
      "f:5:40: there is no key \"sources.d.per\" (put a limit with per or counts under limits)",
      "f:6:32: sources.e: \"1/366d burst 11\": the burst would take more than ten years to be refilled"
        + " (lower the burst)",
      "f:7:3: \"-f\" is not a valid name in sources (a name of 1 to 128 letters, digits, '.', '_' or '-' that begins"
        + " with a letter or digit)",
      "f:8:7: there is no key \"sources.g.thortle\" (did you mean throttle?)",
      "f:11:18: limits[0] has both throttle and concurrency (split it into two entries)",
      "f:12:5: limits[1] limits nothing (add one of throttle, rate-limit and concurrency)",
      "f:13:27: limits[2].per: \"indx\": its key must be one of source, index, workflow, provider, tenant, document,"
        + " meta.NAME; did you mean index?"
        + " (expected source, index, workflow, provider, tenant, document or meta.NAME)",
      "f:14:32: limits[3]: a rate limit refuses submits, so it cannot count tokens"
        + " (leave counts out, or make it a throttle)",
      "f:15:30: limits[4]: a concurrency limit counts what runs, so it cannot count requests"
        + " (leave counts out, or make it a throttle)",
      "f:16:43: limits[5]: tokens are counted when a provider is called, not per source"
        + " (count them per provider, or count jobs or steps)",
      "f:17:48: limits[6]: requests are counted over all calls to a provider, not for one source"
        + " (leave source out, or count jobs or steps)",
      "f:18:22: there is no key \"limits[7].burst\" (write it after the rate: throttle: 60/m burst 10)",
      "f:19:5: limits[8] must be a mapping, found the text \"60/m\""
        + " (use one of throttle, rate-limit, concurrency, per, counts, source, index, workflow, provider)",
      "f:20:30: limits[9].counts: expected jobs, steps, requests or tokens, found the text \"job\" (did you mean jobs?)",
      "f:21:32: limits[10].provider: there is no embedder called \"hsh\" (did you mean hash?)",
      "f:22:5: limits[11] limits nothing (add one of throttle, rate-limit and concurrency)",
      "f:23:16: limits[12].throttle: \"60/fortnight\": the period is not a duration such as 30s (\(Self.rate))",
      "f:24:28: limits[13]: a rate limit refuses submits, which call no provider yet"
        + " (name an index, or make it a throttle)",
    ]
    let diagnostics = try load(text).diagnostics
    for (one, other) in zip(diagnostics, expected) { #expect(one == other) }
    #expect(diagnostics.count == expected.count, "\(diagnostics.dropFirst(expected.count))")
  }

  private static let rate =
    "expected a limit such as 60/m, 1/4h or 10 per 30s, followed by burst 5 if some may start at once"

  @Test("a repeated limit is reported with the place of the other one")
  func repeats() throws {
    let text = """
      sources: {a: {throttle: 60/m}}
      limits:
        - {throttle: 5/m, source: a, per: source, counts: jobs}
        - {concurrency: 2, per: index}
        - {throttle: 5/m, per: index}
        - {concurrency: 9, per: index}
        - {concurrency: 9, per: index, source: a}
      """
    #expect(
      try load(text).diagnostics == [
        "f:3:16: limits[0] is the same limit as sources.a.throttle (keep one of them; the other is at f:1)",
        "f:6:19: limits[3] is the same limit as limits[1] (keep one of them; the other is at f:4)",
      ])
  }

  @Test("limits must be a list, and an empty one sets nothing")
  func shape() throws {
    #expect(
      try load("limits: {throttle: 60/m}").diagnostics == [
        "f:1:9: limits must be a list, found a mapping (begin each entry with `- throttle:`)"
      ])
    for text in ["limits:\n", "limits: []\n", "sources:\n", "sources: {a: ~}\n"] {
      #expect(try flow(text).limits == [], "\(text)")
    }
    let many = "limits: [" + String(repeating: "{concurrency: 1}, ", count: 1001) + "]"
    #expect(try load(many).diagnostics == ["f:1:9: limits has 1001 entries (at most 1000 are read)"])
  }

  @Test("variables set what belongs to a source, and the whole list of limits")
  func variables() throws {
    let environment = [
      "INGESTD_SOURCES_HANDBOOK_THROTTLE": "5/s", "INGESTD_SOURCES_WIKI_2_PAUSED": "false",
      "INGESTD_SOURCES_NEW_ONE_WEIGHT": "0.5", "INGESTD_LIMITS": "[{rate-limit: 2/d, per: tenant}]",
    ]
    let flow = try flow(Self.file, environment: environment)
    #expect(
      flow.limits.map { "\($0.id.kind.rawValue) \($0.scope.source) \($0.key) \($0.amount)" } == [
        "throttle handbook source 5/s burst 10", "rate-limit handbook source 1000/h",
        "concurrency handbook source 4", "rate-limit  tenant 2/d",
      ])
    #expect(
      flow.sources == [
        .init(name: "Wiki_2", paused: false), .init(name: "handbook", weight: 2, paused: false),
        .init(name: "new-one", weight: 0.5),
      ])
    #expect(try self.flow(Self.file, environment: ["INGESTD_LIMITS": ""]).limits.count == 3)
    #expect(
      try load(environment: ["INGESTD_LIMITS": "[{throttle: 0/m}, {concurency: 3}]", "INGESTD_LIMIT": "1"]).diagnostics
        == [
          "INGESTD_LIMIT: no configuration key has this variable (did you mean INGESTD_LIMITS?)",
          "INGESTD_LIMITS: limits[0].throttle: \"0/m\": nothing could ever start; to stop a source, pause it"
            + " (\(Self.rate))",
          "INGESTD_LIMITS: there is no key \"limits[1].concurency\" (did you mean concurrency?)",
        ])
    #expect(try load(environment: ["INGESTD_LIMITS": "{"]).diagnostics.count == 1)
  }

  @Test("the settings in force are listed with their origin, an entry of a list only with its own keys")
  func listing() throws {
    let text = "sources: {a: {weight: 2}}\nlimits:\n  - concurrency: 3\n    per: tenant\n"
    let loaded = try #require(load(text, environment: ["INGESTD_SOURCES_A_THROTTLE": "60/m"]).loaded)
    let path = try #require(loaded.file)
    let listed = loaded.settings.filter { $0.path.hasPrefix("sources") || $0.path.hasPrefix("limits") }
    #expect(
      listed.map { "\($0.path) \($0.value ?? "-") \($0.origin)".replacing(path, with: "f") } == [
        "sources.a.throttle 60/m environment INGESTD_SOURCES_A_THROTTLE", "sources.a.burst - default",
        "sources.a.concurrency - default", "sources.a.rate-limit - default", "sources.a.weight 2 f:1",
        "sources.a.paused - default", "limits[0].concurrency 3 f:3", "limits[0].per tenant f:4",
        "limits[0].counts jobs default",
      ])
    #expect(listed.last?.variable == "INGESTD_LIMITS")
    #expect(listed.first?.variable == "INGESTD_SOURCES_A_THROTTLE")
  }

  @Test("limits are applied and listed in their order")
  func order() throws {
    let text = "limits: [" + (0..<12).map { "{concurrency: \($0 + 1), per: meta.k\($0)}" }.joined(separator: ", ") + "]"
    #expect(try flow(text).limits.map(\.amount.description) == (1...12).map { "\($0)" })
    let loaded = try #require(load(text).loaded)
    #expect(
      loaded.settings.filter { $0.path.hasSuffix("].concurrency") }.map(\.path)
        == (0..<12).map { "limits[\($0)].concurrency" })
  }
}
