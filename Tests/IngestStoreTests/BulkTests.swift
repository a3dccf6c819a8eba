import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Commands over many jobs")
struct BulkTests {
  /// Makes `count` dead letters, oldest first.
  private func dead(_ count: Int, _ it: StoreFixture, code: String = "BROKEN") async throws -> [String] {
    let worker = try await it.worker("killer")
    var ids: [String] = []
    for number in 0..<count {
      _ = try await it.store.submit(StoreFixture.request("/dead/\(code)/\(number)", "dead \(code) \(number)"))
      let job = try #require(try await it.claim(worker).first)
      try await it.store.finish(job.lease, .dead(it.failed(.permanent, code: code)), last: nil)
      ids.append(job.lease.job.rawValue)
      it.clock.advance(by: .seconds(1))
    }
    return ids
  }

  @Test("a dry run reports what the same call then does, and changes nothing", arguments: StoreKind.allCases)
  func dryRun(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    _ = try await dead(45, it)
    // A newer revision makes one of them needless; the job of that revision runs.
    _ = try await it.store.submit(StoreFixture.request("/dead/BROKEN/3", "newer"))
    let worker = try await it.worker()
    let running = try #require(try await it.claim(worker).first)
    for number in 0..<25 { _ = try await it.store.submit(StoreFixture.request("/open/\(number)", "open \(number)")) }

    for action in [JobAction.cancel, .redrive(RedriveOptions()), .purge, .replay(ReplayOptions())] {
      let before = try await it.store.status()
      let would = try await it.store.act(action, on: JobFilter(), dryRun: true, actor: "test")
      let after = try await it.store.status()
      #expect(before.queued == after.queued && before.dead == after.dead && before.cancelled == after.cancelled)
      let did = try await it.store.act(action, on: JobFilter(), dryRun: false, actor: "test")
      #expect(would.counts == did.counts, "\(action)")
      #expect(would.lines.map(\.id) == did.lines.map(\.id))
      #expect(would.lines.map(\.verdict) == did.lines.map(\.verdict))
      let again = try await it.store.act(action, on: JobFilter(), dryRun: false, actor: "test")
      let isDone = again.total == again.count(.stopping) + again.count(.refused)
      #expect(isDone, "the second call finds nothing to do: \(again.counts)")
    }
    #expect(try await it.store.job(running.lease.job).state == .running)
    #expect(try await it.store.cancellations(worker).count == 1)
    #expect(try await it.countersAreTrue())
  }

  @Test(
    "dead letters are redriven at a rate: no period has more than limit plus burst",
    arguments: StoreKind.allCases)
  func rate(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    let ids = try await dead(30, it)
    let rate = try RateSpec("7/m burst 2")
    let report = try await it.store.act(
      .redrive(RedriveOptions(rate: rate)), on: JobFilter(), dryRun: false, actor: "test")
    #expect(report.count(.redriven) == 30)
    let begin = it.clock.uptime
    let worker = try await it.worker()
    var starts: [Int64] = []
    while starts.count < 30 {
      let claim = try await it.store.claim(
        ClaimRequest(worker: worker, limit: 8, scope: WorkScope(), lease: .seconds(30), idle: true))
      for job in claim.jobs {
        starts.append(it.clock.uptime)
        try await it.finish(job)
      }
      if claim.jobs.isEmpty { it.clock.advance(by: max(.microseconds(1), claim.nextDue ?? .seconds(1))) }
    }
    #expect(most(starts, in: .seconds(60)) == 9)
    #expect(starts.prefix(3).allSatisfy { $0 == begin })
    // After the burst come 27 more, one each 60/7 s.
    #expect(starts.last == begin + (27 * 60_000_000 + 6) / 7)
    let report1 = try await it.store.job(JobID(rawValue: ids[0]))
    #expect(report1.attempts.count == 1, "a redriven job keeps its history")
    #expect(try await it.countersAreTrue())
  }

  @Test(
    "a redrive starts at the failed step, at the first step, or with the newest version up to its first changed step",
    arguments: StoreKind.allCases)
  func redriveFrom(on kind: StoreKind) async throws {
    let it = try await StoreFixture(kind)
    func letter(_ uri: String) async throws -> JobID {
      _ = try await it.store.submit(StoreFixture.request(uri, uri, workflow: StoreFixture.workflow(steps: 4)))
      let worker = try await it.worker()
      let job = try #require(try await it.claim(worker).first)
      for position in 0..<2 { try await it.store.checkpoint(job.lease, it.checkpoint(job, position)) }
      var failed = it.failed(.permanent)
      failed.position = 2
      failed.failure = failed.failure.during(step: "step-2", attempt: 1)
      try await it.store.finish(job.lease, .dead(failed), last: nil)
      return job.lease.job
    }
    var changed = StoreFixture.workflow(steps: 4).definition
    changed.steps[1].with = ["how": .text("otherwise")]
    let latest = ["ingest": PinnedWorkflow(version: ContentHash(rawValue: "newer"), definition: changed)]
    for (options, kept, version) in [
      (RedriveOptions(), ["step-0", "step-1"], "version-of-ingest-4"),
      (RedriveOptions(fromStart: true), [], "version-of-ingest-4"),
      (RedriveOptions(latest: latest), ["step-0"], "newer"),
    ] {
      let id = try await letter("/\(kept.count)\(version)")
      let report = try await it.store.act(
        .redrive(options), on: JobFilter(ids: [id]), dryRun: false, actor: "test")
      #expect(report.lines.first?.kept == kept)
      let worker = try await it.worker()
      let job = try #require(try await it.claim(worker).first)
      #expect(job.lease.job == id)
      #expect(job.steps.filter { $0.result != nil }.map(\.id) == kept)
      #expect(job.workflow.rawValue == version)
      try await it.store.finish(job.lease, .cancelled, last: nil)
    }
    let id = try await letter("/gone")
    let refused = try await it.store.act(
      .redrive(RedriveOptions(latest: [:])), on: JobFilter(ids: [id]), dryRun: false, actor: "test")
    #expect(refused.lines.first?.refusal?.code == "WORKFLOW_GONE")
  }
}
