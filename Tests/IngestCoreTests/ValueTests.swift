import FoundationEssentials
import IngestCore
import Testing

@Suite("Other values")
struct ValueTests {
  private func again<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
  }

  @Test(
    "a setting survives JSON unchanged",
    arguments: [
      .bool(true), .bool(false), .integer(0), .integer(1), .integer(.max), .integer(.min), .number(1.5), .number(-1e-9),
      .text(""), .text("1"), .text("true"), .text("é\n\u{0}"), .list([]),
      .list([.integer(1), .text("a"), .list([.bool(false)])]),
    ] as [Setting])
  func settings(_ setting: Setting) throws { #expect(try again(setting) == setting) }

  @Test("a number without a fraction is decoded as an integer, since JSON does not distinguish them")
  func wholeNumbers() throws { #expect(try again(Setting.number(2)) == .integer(2)) }

  @Test("a workflow's definition survives JSON unchanged")
  func definition() throws {
    let policy = RetryPolicy(attempts: 3, first: .milliseconds(1), factor: 1.5, jitter: RetryPolicy.Jitter.none)
    let definition = WorkflowDefinition(
      name: "w", description: "d", deadline: .seconds(1),
      steps: [.init(id: "a", uses: "noop", with: ["x": .integer(1)], retry: policy, timeout: .microseconds(1))])
    #expect(try again(definition) == definition)
  }

  @Test("only completed, cancelled and dead are ended states, and only a deleted generation accepts no documents")
  func states() {
    #expect(JobState.allCases.filter(\.isEnd) == [.completed, .cancelled, .dead])
    let embedder = EmbedderSpec(name: "e", provider: "p", model: "m", dimensions: 2)
    let spec = GenerationSpec(parser: "p", chunker: .init(), embedder: embedder)
    let open = Generation.State.allCases.filter {
      Generation(index: "i", number: 1, state: $0, spec: spec, createdAt: .init(rawValue: 0)).isOpen
    }
    #expect(open == [.building, .ready, .live, .retired])
  }

  @Test("a generation's fingerprint changes with everything that changes its chunks, and with nothing else")
  func fingerprint() {
    let embedder = EmbedderSpec(
      name: "e", provider: "p", model: "m", dimensions: 2, documentPrefix: "d", queryPrefix: "q")
    let spec = GenerationSpec(parser: "p", chunker: .init(), embedder: embedder)
    func changed(_ change: (inout GenerationSpec) -> Void) -> Bool {
      var copy = spec
      change(&copy)
      return copy.fingerprint != spec.fingerprint
    }
    #expect(changed { $0.parser = "x" })
    #expect(changed { $0.chunker.target += 1 })
    #expect(changed { $0.chunker.maximum += 1 })
    #expect(changed { $0.chunker.overlap += 1 })
    #expect(changed { $0.embedder.provider = "x" })
    #expect(changed { $0.embedder.model = "x" })
    #expect(changed { $0.embedder.dimensions += 1 })
    #expect(changed { $0.embedder.documentPrefix = "x" })
    #expect(changed { $0.backend = "x" })
    #expect(!changed { $0.embedder.name = "x" })
    #expect(!changed { $0.embedder.queryPrefix = "x" })
  }

  @Test("a secret is shown only on explicit request")
  func secret() {
    let secret = Secret("hunter2")
    #expect("\(secret) \(String(reflecting: secret)) \([secret])".contains("hunter2") == false)
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(!dumped.contains("hunter2"))
    #expect(secret.reveal() == "hunter2")
  }
}
