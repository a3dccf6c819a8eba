import FoundationEssentials
import IngestCore
import Testing

@Suite("Failures")
struct FailureTests {
  private func again(_ failure: Failure) throws -> Failure {
    try JSONDecoder().decode(Failure.self, from: JSONEncoder().encode(failure))
  }

  @Test("every kind and category survives JSON unchanged", arguments: Failure.Kind.allCases)
  func roundTrip(_ kind: Failure.Kind) throws {
    for category: Failure.Category in [.failed, .invalid, .notFound, .refused, .later] {
      let cause = Failure(
        .permanent, code: "BENEATH", "It lay beneath.", causes: [Failure(.poison, code: "DEEP", "é\n")])
      let failure = Failure(
        kind, code: "SOME_CODE", "It failed.", hint: "Mend it.", category: category, retryAfter: .milliseconds(1500),
        causes: [cause]
      ).during(step: "embed", attempt: 3)
      #expect(try again(failure) == failure)
    }
    let bare = Failure(kind, code: "BARE", "It failed.")
    #expect(try again(bare) == bare)
  }

  @Test("its JSON has the documented names, and states whether a retry can help")
  func names() throws {
    let failure = Failure(.throttled, code: "C", "M.", hint: "H.", retryAfter: .seconds(2)).during(
      step: "s", attempt: 1)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(
      String(decoding: try encoder.encode(failure), as: UTF8.self)
        == #"{"attempt":1,"category":"failed","causes":[],"code":"C","hint":"H.","kind":"throttled","message":"M.","#
        + #""retry_after_ms":2000,"retryable":true,"step":"s"}"#)
  }

  @Test("an older record without the newer fields can be decoded")
  func lenient() throws {
    let json = #"{"kind":"permanent","code":"C","message":"M."}"#
    #expect(try JSONDecoder().decode(Failure.self, from: Data(json.utf8)) == Failure(.permanent, code: "C", "M."))
  }

  @Test("scope and reason are not in its JSON, and a decoded failure has the scope of one item")
  func handling() throws {
    let failure = Failure(.transient, code: "C", "M.", scope: .everyone, reason: .outcomeUnknown)
    let plain = Failure(.transient, code: "C", "M.")
    #expect(failure != plain)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(failure) == encoder.encode(plain))
    #expect(try again(failure) == plain)
    #expect(plain.scope == .item && plain.reason == nil)
    #expect(Failure(CancellationError()).scope == .everyone)
  }

  @Test("a failure is retryable if it can succeed without a person's help")
  func retryable() {
    let retryable = Failure.Kind.allCases.filter { Failure($0, code: "C", "M.").retryable }
    #expect(retryable == [.transient, .throttled, .unavailable, .poison])
  }

  @Test("any error becomes a failure: a known error keeps its own, an unknown one can be retried")
  func conversion() {
    struct Known: FailureConvertible { var failure: Failure { .init(.permanent, code: "KNOWN", "Known.") } }
    struct Unknown: Error {}
    #expect(Failure(Known()).code == "KNOWN")
    #expect(Failure(CancellationError()).kind == .cancelled)
    #expect(Failure(Unknown()).kind == .transient)
    #expect(Failure(Unknown()).code == "UNEXPECTED")
  }
}
