import Glibc
import IngestCore
import IngestTestKit
import Testing

/// Breakers through the command line, with a real server and real workers.
@Suite("Breakers of real workers", .serialized)
struct BreakerTests {
  private static let quick = """
    breaker:
      consecutive-failures: 3
      first-wait: 600ms
      longest-wait: 1200ms
      successes-to-close: 2
      probe-life: 10s
    """

  private func fixture(_ server: EmbeddingServer, documents: Int, breaker: String = quick) async throws
    -> DataFolderFixture
  {
    let it = try DataFolderFixture()
    try it.configure(
      """
      default-embedder: test
      embedders:
        test:
          provider: openai
          model: m
          dimensions: 8
          timeout: 1500ms
          base-url: \(it.address(server))
      \(breaker)
      """)
    for number in 0..<documents { try it.write("d\(number).md", "Document \(number) is about matter \(number * 7).") }
    return it
  }

  private func name(_ server: EmbeddingServer) -> String { "embed:openai:m@127.0.0.1:\(server.http.port)" }

  @Test(
    "with an open breaker three workers send only probes and spend no attempt, and the backlog then starts spread out"
  )
  func outage() async throws {
    let server = try EmbeddingServer(dimensions: 8)
    let it = try await fixture(server, documents: 60)
    server.turn(.status(503))
    #expect(try await it.run("submit", it.documents).status == 0)
    let workers = try (0..<3).map { _ in try it.start("worker", "--concurrency", "4") }
    try await it.eventually("the breaker opens") { $0["breakers"][0]["state"].text == "open" }
    try await server.requests(afterNext: 2)
    server.turn(.hang)
    try await server.requests(afterNext: 2)
    let failed = server.http.requests.count
    server.turn(.good)
    try await it.eventually("all documents are in") { $0["completed"].int == 60 }
    for worker in workers { worker.signal(SIGTERM) }
    for worker in workers { #expect(try await worker.wait() == 0, "\(worker.error)") }

    let events = try await it.json("breaker", "history", "--limit", "1000").reversed().map(Event.init)
    #expect(events.first?.to == "open" && events.last?.to == "closed")
    #expect(events.allSatisfy { !$0.cause.isEmpty })
    let arrivals = server.http.requests.map(\.at).sorted()
    // A round is the time of the probes and the open time after them. On a busy machine the server may receive a probe
    // only after its caller has given up, but it receives no other call.
    let rounds = events.filter { $0.to != "open" }
    for (round, next) in zip(rounds, rounds.dropFirst()) where round.to == "half-open" {
      let calls = arrivals.count { $0 >= round.at && $0 < next.at }
      #expect((1...2).contains(calls), "calls besides the probes: \(round)")
    }
    // Calls that were let through before the breaker first opened may still arrive: of twelve jobs at once, those that
    // did not open it.
    let early = arrivals.count { $0 >= (events.first?.at ?? 0) && $0 < (rounds.first?.at ?? 0) }
    #expect(early <= 9)
    // Every failed call spent an attempt of its job, and nothing else did.
    let jobs = try await it.json("job", "list", "--limit", "100")
    #expect(jobs.count == 60)
    var spent = 0
    for job in jobs {
      let shown = try #require(try await it.json("job", "show", job["job"].text).first)
      let step = try #require(shown["steps"].list.first { $0["id"].text == "embed" })
      spent += (step["attempts"].int ?? 0) - 1
    }
    // Probes during the change from failing to hanging to good are counted by the answer that they got.
    #expect(spent <= server.http.requests.count - 60 && spent >= failed - 1, "\(spent) attempts, \(failed) failures")
    #expect(server.paid.count >= 60)
    // The jobs start again one after another: half of them at least a second later.
    let closed = try #require(events.last?.at)
    let drain = arrivals.filter { $0 >= closed }
    #expect(drain.count > 30, "\(drain.count) calls after it closed")
    #expect((drain.last ?? 0) - closed > 1_000_000)
    // One job starts each 50 ms, besides those that were under way. A busy machine only delays them.
    for (position, arrival) in drain.enumerated() { #expect(arrival - closed >= Int64(position - 20) * 50_000) }
  }

  @Test("an open breaker outlives its workers: new workers call nothing before its time, and search reports it at once")
  func restart() async throws {
    let server = try EmbeddingServer(dimensions: 8)
    server.turn(.status(500))
    let slow = "breaker:\n  consecutive-failures: 2\n  first-wait: 8s\n  longest-wait: 8s\n  successes-to-close: 1"
    let it = try await fixture(server, documents: 6, breaker: slow)
    #expect(try await it.run("submit", it.documents).status == 0)
    let worker = try it.start("worker", "--concurrency", "2")
    try await it.eventually("the breaker opens") { $0["breakers"][0]["state"].text == "open" }
    worker.signal(SIGKILL)
    _ = try await worker.wait()
    let before = server.http.requests.count
    server.turn(.good)
    let opened = try #require(try await it.json("breaker", "list").first)
    #expect(opened["breaker"].text == name(server) && opened["cause"].text.contains("EMBEDDER_FAILED"))

    let search = try await it.run("search", "matter", "--json")
    #expect(search.status == 75, "\(search.output)\(search.error)")
    #expect(try JSONValue.lines(search.output).first?["error"]["code"].text == "BREAKER_OPEN")
    #expect(server.http.requests.count == before)

    try await it.drain()
    let next = Event.microseconds(opened["next_at"].text)
    #expect(server.http.requests.dropFirst(before).allSatisfy { $0.at >= next })
    #expect(try await it.json("status").first?["completed"].int == 6)
    #expect(try await it.search("matter").isEmpty == false)
  }

  @Test("a Retry-After for one call holds all other calls, and spends no attempt")
  func held() async throws {
    let server = try EmbeddingServer(dimensions: 8, script: [.throttle(retryAfter: "2")])
    let it = try await fixture(server, documents: 8)
    #expect(try await it.run("submit", it.documents).status == 0)
    let workers = try (0..<2).map { _ in try it.start("worker", "--drain", "--concurrency", "2") }
    for worker in workers { #expect(try await worker.wait() == 0, "\(worker.error)") }
    let arrivals = server.http.requests.map(\.at)
    let first = try #require(arrivals.first)
    // Calls that were under way when the answer came cannot be held: at most one for each of four jobs at once.
    #expect(arrivals.count { $0 < first + 2_000_000 } <= 4)
    #expect(try await it.json("status").first?["completed"].int == 8)
    for job in try await it.json("job", "list") {
      let shown = try #require(try await it.json("job", "show", job["job"].text).first)
      #expect(shown["steps"].list.allSatisfy { $0["attempts"].int == 1 })
    }
    #expect(try await it.json("breaker", "list").first?["state"].text == "closed")
  }

  @Test("a breaker is opened and reset by hand, and an unknown name is refused with the nearest one")
  func byHand() async throws {
    let server = try EmbeddingServer(dimensions: 8)
    let it = try await fixture(server, documents: 2)
    try await it.ingest(it.documents)
    let name = name(server)
    let opened = try #require(try await it.json("breaker", "open", name, "--for", "10m").first)
    #expect(opened["state"].text == "open" && opened["next_at"].text > opened["since"].text)
    try it.write("later.md", "A later document.")
    let paid = server.paid.count
    #expect(try await it.run("submit", it.documents).status == 0)
    let worker = try it.start("worker", "--drain")
    try await it.eventually("the job waits for the breaker", in: "job", "list", "--state", "queued") {
      $0["error"]["code"].text == "BREAKER_OPEN"
    }
    #expect(server.paid.count == paid)
    #expect(try await it.run("breaker", "list").output.contains("opened by cli/"))
    #expect(try await it.json("breaker", "reset", "--all").map { $0["state"].text } == ["closed"])
    #expect(try await worker.wait() == 0, "\(worker.error)")
    #expect(server.paid.count == paid + 1)
    let history = try await it.json("breaker", "history", name)
    #expect(history.map { $0["to"].text } == ["closed", "open"])
    #expect(history.allSatisfy { $0["actor"].text.hasPrefix("cli/") && !$0["cause"].text.isEmpty })

    for words in [
      ["breaker", "reset", name + "0"], ["breaker", "open", name + "0"], ["breaker", "history", name + "0"],
    ] {
      let run = try await it.run(words)
      #expect(run.status == 3 && run.says("BREAKER_NOT_FOUND") && run.error.contains("'\(name)'"), "\(run.error)")
    }
    #expect(try await it.run("breaker", "reset").status == 2)
    #expect(try await it.run("breaker", "reset", name, "--all").status == 2)
    #expect(try await it.run("breaker", "open", name, "--for", "soon").status == 2)
    let never = try await it.run("breaker", "open", name, "--for", "0s")
    #expect(never.status == 2 && never.says("BREAKER_TIME_ZERO"))
  }
}

/// A transition, as `breaker history` prints it.
private struct Event: CustomStringConvertible {
  var at: Int64
  var to: String
  var cause: String

  init(_ value: JSONValue) {
    at = Self.microseconds(value["at"].text)
    to = value["to"].text
    cause = value["cause"].text
  }

  static func microseconds(_ text: String) -> Int64 { Timestamp(text)?.rawValue ?? 0 }

  var description: String { "\(to) because \(cause)" }
}

extension EmbeddingServer {
  /// Returns once `count` more requests have arrived.
  fileprivate func requests(afterNext count: Int) async throws { await http.received(http.requests.count + count) }
}
