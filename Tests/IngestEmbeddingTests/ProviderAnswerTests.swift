import IngestCore
import IngestEmbedding
import IngestHTTPClient
import IngestTestKit
import Testing

@Suite struct ProviderAnswerTests {
  /// Returns the embedder's result for one text and this answer, in two dimensions.
  private func embed(
    _ status: Int = 200, headers: [(String, String)] = [], _ body: String
  ) async throws -> [Float] {
    let server = try HTTPTestServer { _ in .answer(status, headers: headers, body: Array(body.utf8)) }
    let settings = EmbedderSettings(
      name: "t", provider: "openai", model: "m", dimensions: 2, baseURL: server.url)
    let embedder = try OpenAIEmbedder(settings, spec: settings.spec, key: nil, client: HTTPClient())
    return try await embedder.embed(["a"])[0]
  }

  static let good = [
    #"{"data":[{"embedding":[3,4]}]}"#,
    #"{"data":[{"index":0,"embedding":[3.0,4.0]}]}"#,
    "\n { \"data\" : [ { \"embedding\" : [ 3 , 4e0 ] , \"index\" : 0.0 } ] } \n",
    #"{"usage":{"a":[1,{"b":null}],"c":"\"]}"},"data":[{"object":"embedding","embedding":[30E-1,0.4e+1]}],"x":true}"#,
    #"{"data":[{"embedding":[0.00000000003,0.0000000000400000000000000000000000]}]}"#,
    #"{"data":[{"embedding":[3000000000000000000000000000000,4000000000000000000000000000000]}]}"#,
    #"{"data":[{"embedding":[3.00000000000000000000000000000001,3.99999999999999999999999999999999]}]}"#,
    #"{"data":[{"embedding":"AABAQAAAgEA="}]}"#,
  ]

  @Test("an answer is parsed in every spelling that JSON allows", arguments: good)
  func spellings(body: String) async throws {
    #expect(close(try await embed(200, body), [0.6, 0.8]))
  }

  static let bad = [
    "", "[", "{", "null", "[]", #"{"data":[{"embedding":[3,4]}]"#, #"{"data":[{"embedding":[3,4]}]}x"#,
    #"{"data":[{"embedding":[3 4]}]}"#, #"{"data":[{"embedding":[3,,4]}]}"#, #"{"data":[{"embedding":[3,4,]}]}"#,
    #"{"data":[{"embedding":[3,.4]}]}"#, #"{"data":[{"embedding":[3,4.]}]}"#, #"{"data":[{"embedding":[3,4e]}]}"#,
    #"{"data":[{"embedding":[3,"4"]}]}"#, #"{"data":[{"embedding":[3,--4]}]}"#, #"{"data":{"embedding":[3,4]}}"#,
    #"{"data":[{"embedding":"AABAQAAAgEA"}]}"#, #"{"data":[{"embedding":"AABAQAAA"}]}"#, #"{"data":"#,
    #"{"data":[{"index":-1,"embedding":[3,4]}]}"#, #"{"data":[{"index":1,"embedding":[3,4]}]}"#,
    #"{"data":[{"index":0.5,"embedding":[3,4]}]}"#, #"{"data":[{"index":1e99,"embedding":[3,4]}]}"#,
    #"{"data":[{"embedding":[NaN,4]}]}"#, #"{"data":[{"embedding":[null,4]}]}"#,
    #"{"data":[{"embedding":[Infinity,4]}]}"#, #"{"data":[{"embedding":[-Infinity,4]}]}"#,
    #"{"data":[{"embedding":[1e999,4]}]}"#, #"{"data":[{"embedding":[0,-0.0]}]}"#, #"{"data":[]}"#, "{\"a",
    #"{"a":"# + String(repeating: "[", count: 100_000), "{\"data\":[{\"embedding\":[1,2]}],\"x\":\"\\",
  ]

  @Test("an answer that is not one is reported as unusable", arguments: bad)
  func malformed(body: String) async {
    let failed = await failure { _ = try await embed(200, body) }
    #expect(failed?.code == "EMBEDDER_BAD_ANSWER")
    #expect(failed?.kind == .transient)
  }

  static let errors: [(String, String)] = [
    (#"{"error":{"message":"too  big\nreally","type":"t","code":null}}"#, "too big really"),
    (#"{"error":"model broke"}"#, "model broke"),
    (#"{"error":"Model is overloaded","error_type":"Overloaded"}"#, "Model is overloaded"),
    (#"{"message":"flat","code":500,"type":"Backend"}"#, "flat"),
    (#"{"object":"error","message":"vllm","code":"x"}"#, "vllm"),
    (#"{"detail":"fast"}"#, "fast"),
    ("plain text", "plain text"),
    ("", "no reason given"),
    (#"{"error":{"code":500}}"#, "no reason given"),
  ]

  @Test("a provider's own message is reported, in every known form of answer", arguments: errors)
  func shapes(body: String, reported: String) async {
    let failed = await failure { _ = try await embed(500, body) }
    #expect(failed?.message.hasSuffix("(500): \(reported).") == true, "\(failed?.message ?? "")")
  }

  @Test("an exhausted quota is recognised by its code, in every known position")
  func quota() async {
    for body in [
      #"{"error":{"message":"m","code":"insufficient_quota"}}"#,
      #"{"error":{"message":"m","type":"insufficient_quota"}}"#,
      #"{"message":"m","code":"billing_hard_limit_reached"}"#,
      "\u{FEFF}" + #"{"error":{"message":"m","code":"insufficient_quota"}}"#,
    ] {
      #expect(await failure { _ = try await embed(429, body) }?.kind == .exhausted)
    }
    // Words in the message decide nothing.
    #expect(
      await failure { _ = try await embed(429, #"{"error":{"message":"insufficient_quota"}}"#) }?.kind == .throttled)
  }

  static let waits: [([(String, String)], Duration?)] = [
    ([("Retry-After", "12")], .seconds(12)),
    ([("Retry-After", "0.5")], .milliseconds(500)),
    ([("Retry-After", "-3")], .zero),
    ([("Retry-After", "999999999")], .seconds(3600)),
    ([("retry-after-ms", "250"), ("Retry-After", "12")], .milliseconds(250)),
    (
      [("Date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT")], .seconds(30)
    ),
    ([("Date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("Retry-After", "Sun, 06 Nov 1994 08:00:00 GMT")], .zero),
    (
      [("Date", "Sunday, 06-Nov-94 08:49:37 GMT"), ("Retry-After", "Sun Nov  6 08:50:07 1994")], .seconds(30)
    ),
    ([("Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT")], nil),
    ([("Retry-After", "soon")], nil),
    (
      [
        ("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "1m30s"),
        ("x-ratelimit-remaining-tokens", "5"), ("x-ratelimit-reset-tokens", "6m0s"),
      ], .seconds(90)
    ),
    ([("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "20ms")], .milliseconds(20)),
    ([("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "later")], nil),
    ([], nil),
  ]

  @Test("the wait is parsed in every form", arguments: waits)
  func wait(headers: [(String, String)], expected: Duration?) async {
    let failed = await failure { _ = try await embed(429, headers: headers, "{}") }
    #expect(failed?.kind == .throttled)
    #expect(failed?.retryAfter == expected)
    let busy = await failure { _ = try await embed(503, headers: headers, "{}") }
    #expect(busy?.kind == .transient)
    #expect(busy?.retryAfter == expected)
  }
}
