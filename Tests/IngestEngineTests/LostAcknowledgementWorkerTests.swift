import IngestCore
import IngestEngine
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

/// A whole worker, of which one commit takes place and is reported as unknown: each commit in turn.
@Suite("A worker with a lost acknowledgement")
struct LostAcknowledgementWorkerTests {
  private static let names = ["one", "two", "three", "four", "five"]
  private static let workflow = EngineFixture.workflow(
    names.map { ScriptedStep.definition($0, retry: RetryPolicy(first: .milliseconds(100), jitter: .none)) })

  @Test("whichever commit is reported as unknown, each job completes, each step runs once, and each effect exists once")
  func everyCommit() async throws {
    var hidden = 0
    while try await run(hiding: hidden) {
      hidden += 1
      try #require(hidden < 500)
    }
    // Two jobs of five steps need at least a claim and ten checkpoints.
    #expect(hidden >= 11)
  }

  /// - Returns: whether the run had that many commits.
  private func run(hiding number: Int) async throws -> Bool {
    let commits = HiddenCommits()
    let it = try await EngineFixture(faults: commits.faults)
    let jobs = try await it.submit(["/a", "/b"], sources: 1)
    _ = jobs
    let fixed = try await [it.submit("/c", workflow: Self.workflow), it.submit("/d", workflow: Self.workflow)]
    commits.hide(number)
    for attempt in 0..<3 {
      // The shortest possible lease, so that a claim with a lost acknowledgement does not delay the test.
      let worker = it.worker("worker-\(attempt)", options: EngineFixture.options(concurrency: 1, lease: .seconds(30))) {
        call, _ in
        guard call.name == Self.names.last else { return StepOutput() }
        let document = try await it.store.store.documents(DocumentFilter(index: "docs")).first {
          $0.job == call.job.rawValue
        }
        guard let document else { return StepOutput() }
        return StepOutput(effects: [
          CatalogueEffect.hold(
            index: "docs", generation: 1, document: DocumentID(rawValue: document.document),
            revision: document.revision, change: .content, chunks: 1)
        ])
      }
      do {
        _ = try await it.drain(worker)
        break
      } catch let failure as Failure where failure.code == "OUTCOME_UNKNOWN" && attempt < 2 {
        // The process ends, as the command does; a service manager would start it again.
        _ = try await it.store.store.reclaim(dead: WorkerID(rawValue: "worker-\(attempt)"))
      }
    }
    let found = commits.seen > number
    for job in fixed {
      let report = try await it.store.store.job(job)
      #expect(report.state == .completed, "hiding commit \(number)")
      let runs = it.log.calls.filter { $0.job == job }.map(\.name)
      #expect(runs == Self.names, "hiding commit \(number)")
    }
    let documents = try await it.store.store.documents(DocumentFilter(index: "docs"))
    #expect(documents.filter { fixed.map(\.rawValue).contains($0.job ?? "") }.allSatisfy { $0.held == 1 })
    let checkpoints = try await it.store.database.read { db in
      try db.rows("SELECT count(*) FROM journal WHERE kind = 'completed' GROUP BY job_key") { $0.int(0) }
    }
    #expect(checkpoints == [1, 1, 1, 1], "hiding commit \(number)")
    let problems = try await it.store.store.counterProblems()
    #expect(problems.isEmpty)
    return found
  }
}
