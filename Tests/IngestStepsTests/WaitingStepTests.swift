import IngestBlobs
import IngestCore
import IngestSteps
import IngestStore
import IngestTestKit
import Synchronization
import Testing

@Suite("Steps that wait and start children")
struct WaitingStepTests {
  private let fixture: StepFixture
  private let job = JobID(rawValue: "01ARZ3NDEKTSV4RRFFQ69G5FAV")

  init() async throws { fixture = try await StepFixture() }

  /// The saves of a step. The step dies after `diesAfter` saves.
  private final class Saves: Sendable {
    private let state = Mutex<[StepSave]>([])
    private let diesAfter: Int?

    init(diesAfter: Int? = nil) { self.diesAfter = diesAfter }

    var all: [StepSave] { state.withLock { $0 } }
    var children: [ChildJob] { all.flatMap { $0.children?.jobs ?? [] } }

    func keep(_ save: StepSave) throws {
      let count = state.withLock { saves in
        saves.append(save)
        return saves.count
      }
      if count == diesAfter { throw Died() }
    }
  }

  private struct Died: Error {}

  private func run(
    _ kind: String, with: [String: Setting] = [:], task: String = "{}", results: [String: String] = [:],
    cursor: String? = nil, wake: Wake? = nil, saves: Saves = Saves()
  ) async throws -> StepOutput {
    let step = try #require(fixture.services.steps.first { type(of: $0).kind == kind })
    let input = StepInput(
      job: job, step: "ask", with: with, task: task, resultsByID: results, cursor: cursor, wake: wake)
    return try await step.run(input, StepContext(clock: fixture.base.clock) { try saves.keep($0) })
  }

  private func code(_ body: () async throws -> StepOutput) async -> String? {
    do { return "left \(try await body().result)" } catch { return (error as? any FailureConvertible)?.failure.code }
  }

  private func value(_ output: StepOutput, _ key: String) -> JSONValue? { JSONValue(parsing: output.result)?[key] }

  @Test("a sleep ends at its fixed time, and an earlier retry does not cut it short")
  func sleep() async throws {
    let with: [String: Setting] = ["for": .text("1m")]
    let first = try await run("sleep", with: with)
    let end = fixture.base.clock.now + .seconds(60)
    #expect(first.wait == .until(end))
    fixture.base.clock.advance(by: .seconds(30))
    let again = try await run("sleep", with: with, cursor: first.result)
    #expect(again.wait == .until(end))
    fixture.base.clock.advance(by: .seconds(30))
    #expect(try await run("sleep", with: with, cursor: first.result).wait == nil)
    #expect(try await run("sleep", with: ["until": .text("2001-01-01T00:00:00Z")]).wait == nil)
    let later = try #require(Timestamp("2040-01-01T00:00:00Z"))
    #expect(try await run("sleep", with: ["until": .text(later.description)]).wait == .until(later))
  }

  @Test("a signal's data is the step's result; large data goes to the blob store")
  func signal() async throws {
    let with: [String: Setting] = ["name": .text("go"), "timeout": .text("1h")]
    let first = try await run("wait-for-signal", with: with)
    #expect(first.wait == .signal("go", until: fixture.base.clock.now + .seconds(3600)))
    func woken(_ data: String) -> Wake {
      .signal(name: "go", data: data, actor: "ann", sentAt: fixture.base.clock.now)
    }
    let small = try await run("wait-for-signal", with: with, wake: woken("{\"pages\":[1,2]}"))
    #expect(value(small, "data")?["pages"] == .list([.integer(1), .integer(2)]))
    #expect(value(small, "actor") == .text("ann"))
    let text = "\"" + String(repeating: "é", count: 20_000) + "\""
    let large = try await run("wait-for-signal", with: with, wake: woken(text))
    #expect(large.result.utf8.count < 400)
    let hash = try #require(large.references.first)
    #expect(try await fixture.blobs.get(hash) == Array(text.utf8))
    #expect(await code { try await run("wait-for-signal", with: with, wake: .timedOut) } == "SIGNAL_TIMEOUT")
    let lenient = with.merging(["on-timeout": .text("continue")]) { $1 }
    #expect(value(try await run("wait-for-signal", with: lenient, wake: .timedOut), "timed_out") == .bool(true))
  }

  @Test(
    "an approval keeps the person and the reason; a rejection is a dead letter, and so is a timeout by default"
  )
  func approval() async throws {
    #expect(try await run("approval").wait == .signal("approval:ask", until: nil))
    func answer(_ yes: Bool) -> Wake {
      .signal(
        name: "approval:ask", data: "{\"approved\":\(yes),\"reason\":\"checked\"}", actor: "ann",
        sentAt: fixture.base.clock.now)
    }
    let yes = try await run("approval", wake: answer(true))
    #expect(value(yes, "approved") == .bool(true))
    #expect(value(yes, "by") == .text("ann"))
    #expect(value(yes, "reason") == .text("checked"))
    #expect(await code { try await run("approval", wake: answer(false)) } == "APPROVAL_REJECTED")
    #expect(await code { try await run("approval", wake: .timedOut) } == "APPROVAL_TIMEOUT")
    let rejecting: [String: Setting] = ["on-timeout": .text("reject")]
    #expect(await code { try await run("approval", with: rejecting, wake: .timedOut) } == "APPROVAL_REJECTED")
    let going: [String: Setting] = ["on-timeout": .text("continue")]
    #expect(value(try await run("approval", with: going, wake: .timedOut), "approved") == .bool(false))
  }

  @Test("a foreach that dies between slices makes each child once, all with one version")
  func slices() async throws {
    let with: [String: Setting] = ["items": .text("task.items"), "workflow": .text("page"), "parallel": .integer(3)]
    let task = "{\"items\":[" + (0..<100).map { "{\"n\":\($0)}" }.joined(separator: ",") + "]}"
    var cursor: String?
    var made: [ChildJob] = []
    while true {
      let saves = Saves(diesAfter: 1)
      do {
        let output = try await run("foreach", with: with, task: task, cursor: cursor, saves: saves)
        #expect(output.wait == .children)
        break
      } catch is Died {}
      // What was saved is kept, and the step runs again from there.
      cursor = saves.all.last?.cursor ?? cursor
      made += saves.children
      #expect(saves.all.allSatisfy { $0.children?.parallel == 3 && ($0.children?.jobs.count ?? 0) <= 32 })
    }
    #expect(made.map(\.position) == Array(0..<100))
    #expect(made.map(\.task) == (0..<100).map { "{\"n\":\($0)}" })
    #expect(Set(made.map(\.workflow.version.rawValue)) == ["newest-page"])
  }

  @Test(
    "items are a list, a number, or a list in the blob store; anything else, or too many, is refused without a child")
  func items() async throws {
    func with(_ path: String, limit: Int? = nil) -> [String: Setting] {
      var with: [String: Setting] = ["items": .text(path), "workflow": .text("page")]
      with["limit"] = limit.map { .integer($0) }
      return with
    }
    let saves = Saves()
    let task = "{\"count\":3,\"none\":[],\"text\":\"x\",\"huge\":1000000,\"half\":1.5,\"less\":-1}"
    #expect(try await run("foreach", with: with("task.count"), task: task, saves: saves).wait == .children)
    #expect(saves.children.map(\.task) == ["0", "1", "2"])
    let hash = try await fixture.blobs.put(Array("[\"a\",\"b\"]".utf8))
    let kept = Saves()
    let results = ["list": "{\"items\":{\"blob\":\"\(hash.rawValue)\"}}"]
    #expect(
      try await run("foreach", with: with("steps.list.items"), results: results, saves: kept).wait == .children)
    #expect(kept.children.map(\.task) == ["\"a\"", "\"b\""])
    let empty = try await run("foreach", with: with("task.none"), task: task)
    #expect(empty.wait == nil)
    #expect(value(empty, "total") == .integer(0))
    let nothing = Saves()
    for path in ["task.text", "task.half", "task.less", "task.missing"] {
      #expect(
        await code { try await run("foreach", with: with(path), task: task, saves: nothing) } == "FOREACH_ITEMS",
        "\(path)")
    }
    #expect(
      await code { try await run("foreach", with: with("task.huge"), task: task, saves: nothing) } == "FOREACH_TOO_MANY"
    )
    #expect(
      await code { try await run("foreach", with: with("task.count", limit: 2), task: task, saves: nothing) }
        == "FOREACH_TOO_MANY")
    #expect(nothing.all.isEmpty)
  }

  @Test(
    "the join needs as many successes as the workflow demands",
    arguments: [
      (nil, 10, 10, true), (nil, 9, 10, false), ("95%", 19, 20, true), ("95%", 18, 20, false), ("3", 3, 10, true),
      ("3", 2, 10, false), ("3", 2, 2, true), ("0", 0, 10, true),
    ] as [(String?, Int, Int, Bool)])
  func joins(minimum: String?, completed: Int, total: Int, holds: Bool) async throws {
    var with: [String: Setting] = ["items": .text("task.items"), "workflow": .text("page")]
    with["min-success"] = minimum.map { .text($0) }
    let died = Failure(.permanent, code: "PAGE_BROKEN", "It broke.")
    let report = ChildrenReport(completed: completed, cancelled: 0, dead: total - completed, failures: [died])
    do {
      let output = try await run("foreach", with: with, wake: .children(report))
      #expect(holds)
      #expect(value(output, "completed") == .integer(completed))
      #expect(value(output, "dead") == .integer(total - completed))
    } catch let failure as Failure {
      #expect(!holds)
      #expect(failure.code == "CHILDREN_FAILED")
      #expect(failure.causes == [died])
    }
  }
}
