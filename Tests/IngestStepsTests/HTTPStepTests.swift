import Foundation
import IngestCore
import IngestDigest
import IngestTestKit
import Synchronization
import Testing

@Suite("Users' own servers", .timeLimit(.minutes(15)))
struct HTTPStepTests {
  private func failure(
    _ server: HTTPTestServer, _ with: [String: Setting] = [:], environment: [String: String] = [:]
  ) async throws -> Failure {
    let run = try await OwnStepRun(environment: environment)
    var found: Failure?
    do {
      _ = try await run.run("http", with.merging(["url": .text(server.url)]) { given, _ in given })
    } catch { found = Failure(error) }
    return try #require(found)
  }

  @Test("the server receives the same input as a program, signed, with a key that is the same in each attempt")
  func request() async throws {
    let server = try HTTPTestServer { _ in .answer(200, body: Array(#"{"ticket": 7}"#.utf8)) }
    let run = try await OwnStepRun(environment: ["HOOK_KEY": " hunter2\n", "TOKEN": "Bearer abc"])
    let with: [String: Setting] = [
      "url": .text(server.url + "/hook?a=b"), "secret-env": .text("HOOK_KEY"), "method": .text("PUT"),
      "headers": .map(["X-From": .text("me")]), "headers-env": .map(["Authorization": .text("TOKEN")]),
    ]
    for attempt in 1...2 {
      let result = try await run.run("http", with, results: ["parse": #"{"pages":3}"#], attempt: attempt)
      #expect(result == .object(["ticket": .integer(7)]))
    }
    let requests = server.requests
    let first = try #require(requests.first)
    #expect(first.method == "PUT" && first.path == "/hook?a=b")
    #expect(first["Content-Type"] == "application/json")
    #expect(first["X-From"] == "me" && first["Authorization"] == "Bearer abc")
    #expect(Set(requests.map { $0["Idempotency-Key"] }) == ["\(run.job.lease.job):mine"])
    let body = try #require(JSONValue(parsing: first.body))
    #expect(body["results"]?["parse"]?["pages"] == .integer(3))
    #expect(body["task"]?["uri"] == .text("/srv/a.txt"))
    #expect(body["content"]?["size"] == .integer(11))
    #expect(body["content"]?["path"] == nil)
    let seconds = run.clock.now.rawValue / 1_000_000
    let signature = HMAC.sha256(Array("\(seconds).".utf8) + first.body, key: Array("hunter2".utf8))
    #expect(first["X-Ingestd-Signature"] == "t=\(seconds),v1=\(signature)")
  }

  @Test(
    "the status alone accepts an answer without an object",
    arguments: [(204, ""), (200, "ok"), (202, "[1]"), (200, "<html>")])
  func accepted(_ status: Int, _ body: String) async throws {
    let server = try HTTPTestServer { _ in .answer(status, body: Array(body.utf8)) }
    let run = try await OwnStepRun()
    let result = try await run.run("http", ["url": .text(server.url)])
    #expect(result == .object(["status": .integer(status)]))
  }

  @Test(
    "the status of the answer decides the kind of failure",
    arguments: [
      (408, Failure.Kind.throttled), (425, .throttled), (429, .throttled), (500, .transient), (502, .transient),
      (503, .transient), (599, .transient), (400, .permanent), (401, .permanent), (404, .permanent), (409, .permanent),
      (422, .permanent),
    ])
  func statuses(_ status: Int, _ kind: Failure.Kind) async throws {
    let server = try HTTPTestServer { _ in .answer(status, headers: [("Retry-After", "7")]) }
    let failure = try await failure(server)
    #expect(failure.kind == kind && failure.code == "HTTP_STATUS")
    #expect(failure.message.contains("\(status)"))
    #expect(failure.retryAfter == .seconds(7))
  }

  @Test("a server may return its own error")
  func ownError() async throws {
    let server = try HTTPTestServer { _ in
      .answer(500, body: Array(#"{"error":{"kind":"permanent","code":"NO_SUCH_CASE","message":"Which case?"}}"#.utf8))
    }
    let failure = try await failure(server)
    #expect(failure.kind == .permanent && failure.code == "NO_SUCH_CASE" && failure.message == "Which case?")
  }

  @Test("a redirect is not followed, because it could carry the signed body anywhere")
  func redirect() async throws {
    let other = try HTTPTestServer { _ in .answer(200, body: Array("{}".utf8)) }
    let server = try HTTPTestServer { [url = other.url] _ in .answer(307, headers: [("Location", url)]) }
    let failure = try await failure(server)
    #expect(failure.code == "HTTP_REDIRECTED" && failure.kind == .permanent)
    #expect(other.requests.isEmpty)
  }

  @Test("answers that are too long, broken or late are reported as such")
  func broken() async throws {
    let long = try HTTPTestServer { _ in .answer(200, body: Array(repeating: 32, count: 100_000)) }
    let tooLong = try await failure(long)
    #expect(tooLong.code == "HTTP_ANSWER_TOO_LARGE" && tooLong.kind == .permanent)
    let wide = try HTTPTestServer { _ in
      .answer(200, body: Array("{\"a\":\"\(String(repeating: "x", count: 9000))\"}".utf8))
    }
    let tooWide = try await failure(wide)
    #expect(tooWide.code == "HTTP_RESULT_TOO_LARGE" && tooWide.kind == .permanent)
    let dropping = try HTTPTestServer { _ in .drop }
    let lost = try await failure(dropping)
    #expect(lost.kind == .transient)
    let hanging = try HTTPTestServer { _ in .hang }
    let late = try await failure(hanging, ["answer-timeout": .text("200ms")])
    #expect(late.code == "HTTP_TIMEOUT" && late.kind == .transient)
    #expect(late.message.contains("did not answer within 0.2 seconds"), "\(late.message)")
    let gone = try HTTPTestServer(listens: false) { _ in .drop }
    let refused = try await failure(gone)
    #expect(refused.code == "HTTP_REFUSED" && refused.kind == .transient)
  }

  @Test("a cancelled call ends at once")
  func cancelled() async throws {
    let server = try HTTPTestServer { _ in .hang }
    let run = try await OwnStepRun()
    let task = Task { try await run.run("http", ["url": .text(server.url)]) }
    await server.received(1)
    task.cancel()
    let result = await task.result
    #expect(throws: CancellationError.self) { try result.get() }
  }

  @Test("a missing or invalid key is reported without a call, and never shown")
  func secrets() async throws {
    let server = try HTTPTestServer { _ in .answer(200) }
    for (with, environment): ([String: Setting], [String: String]) in [
      (["secret-env": .text("HOOK_KEY")], [:]), (["secret-env": .text("HOOK_KEY")], ["HOOK_KEY": "hunter2\nmore"]),
      (["secret-file": .text("/no/such/file")], [:]),
      (["headers-env": .map(["X-A": .text("HOOK_KEY")])], ["HOOK_KEY": ""]),
    ] {
      let failure = try await failure(server, with, environment: environment)
      #expect(failure.code == "HTTP_SECRET_MISSING" && failure.kind == .permanent)
      #expect(!failure.message.contains("hunter2"))
    }
    #expect(server.requests.isEmpty)
  }

  @Test("calls need the permission of the server's breaker, which learns their outcome")
  func gate() async throws {
    let server = try HTTPTestServer { request in
      request.number == 0 ? .answer(503) : .answer(429, headers: [("Retry-After", "9")])
    }
    let gate = RecordingGate()
    let run = try await OwnStepRun(gate: gate)
    for _ in 0..<2 { _ = try? await run.run("http", ["url": .text(server.url + "/x")]) }
    let name = "http:127.0.0.1:\(server.port)"
    #expect(gate.entered == [name, name])
    #expect(gate.ends.map(\.outcome) == [.failed(code: "HTTP_STATUS"), .silent])
    #expect(gate.ends.last?.advice.retryAfter == .seconds(9))
    gate.close()
    do {
      _ = try await run.run("http", ["url": .text(server.url)])
      Issue.record("the server was called")
    } catch { #expect(Failure(error).code == "BREAKER_OPEN") }
    #expect(server.requests.count == 2)
    #expect(gate.ends.count == 2)
  }
}

private final class RecordingGate: DependencyGate {
  private struct State {
    var entered: [String] = []
    var ends: [DependencyCallEnd] = []
    var isClosed = false
  }

  private let state = Mutex(State())

  var entered: [String] { state.withLock { $0.entered } }
  var ends: [DependencyCallEnd] { state.withLock { $0.ends } }
  func close() { state.withLock { $0.isClosed = true } }

  func enter(_ call: DependencyCall) async throws -> DependencyPermit {
    if state.withLock({ $0.isClosed }) { throw Failure(.unavailable, code: "BREAKER_OPEN", "It is open.") }
    state.withLock { $0.entered.append(call.dependency) }
    var machine = BreakerMachine(try BreakerPolicy())
    guard case .pass(let permit) = machine.decide(at: 0).decision else { throw CancellationError() }
    return DependencyPermit(call: call, breaker: permit, takenAt: 0)
  }

  func leave(_ permit: DependencyPermit, _ end: DependencyCallEnd) async { state.withLock { $0.ends.append(end) } }
}
