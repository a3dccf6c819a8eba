import IngestCore
import IngestStore
import IngestTestKit
import Testing

extension LostAcknowledgement {
  // MARK: An operator

  static let people: [LostAcknowledgement] = [
    LostAcknowledgement("cancel") { it in
      let job = try #require(try await it.store.submit(StoreFixture.request("/a")).job)
      return { _ = try await it.store.cancel(job, actor: "ann") }
    },
    LostAcknowledgement("cancel (running)") { it in
      let job = try await it.claimed()
      return { _ = try await it.store.cancel(job.lease.job, actor: "ann") }
    },
    LostAcknowledgement("retry") { it in
      let job = try await it.claimed()
      try await it.store.finish(
        job.lease, .retry(it.failed(), after: .seconds(60), spends: true, reason: .retrying), last: nil)
      return { _ = try await it.store.retry(job.lease.job, actor: "ann") }
    },
    LostAcknowledgement("act (redrive)") { it in
      let job = try await it.claimed()
      try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil)
      return { _ = try await it.store.redrive(JobFilter(state: .dead), actor: "ann") }
    },
    LostAcknowledgement("act (purge)") { it in
      let job = try await it.claimed()
      try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil)
      return { _ = try await it.store.purge(JobFilter(state: .dead), actor: "ann") }
    },
    LostAcknowledgement("act (cancel)") { it in
      try await it.submit(3)
      return { _ = try await it.store.act(.cancel, on: JobFilter(state: .queued), dryRun: false, actor: "ann") }
    },
    LostAcknowledgement("act (retry)") { it in
      let job = try await it.claimed()
      try await it.store.finish(
        job.lease, .retry(it.failed(), after: .seconds(60), spends: true, reason: .retrying), last: nil)
      return { _ = try await it.store.act(.retry, on: JobFilter(state: .queued), dryRun: false, actor: "ann") }
    },
    // While the new job is open, a second replay is refused because it would do the same.
    LostAcknowledgement("act (replay)") { it in
      let worker = try await it.worker()
      _ = try await it.store.submit(StoreFixture.request("/a"))
      try await it.complete(worker)
      return {
        _ = try await it.store.act(
          .replay(ReplayOptions()), on: JobFilter(state: .completed), dryRun: false, actor: "ann")
      }
    },
    // Each send counts: two are two. The hint of `OUTCOME_UNKNOWN` says to check first.
    LostAcknowledgement("signal", .differs(["signals", "journal"])) { it in
      let worker = try await it.worker()
      let job = try await it.wait(worker)
      return { _ = try await it.signal(job.lease.job) }
    },
    LostAcknowledgement("approve", .refused("APPROVAL_DONE")) { it in
      let worker = try await it.worker()
      let job = try await it.wait(worker, for: .signal(StepWait.approval("ask"), until: nil))
      return {
        _ = try await it.store.approve(job.lease.job, step: "ask", approved: true, reason: nil, actor: "ann")
      }
    },
    LostAcknowledgement("liftQuarantine") { it in
      let job = try await it.claimed()
      try await it.store.finish(
        job.lease, .retry(it.failed(.poison), after: .zero, spends: true, reason: .retrying), last: nil)
      return { _ = try await it.store.liftQuarantine(ContentHash(rawValue: "hash-of-text"), actor: "ann") }
    },
  ]

  // MARK: Limits and breakers

  static let flow: [LostAcknowledgement] = [
    // Setting a limit again makes the store read it again: its version grows, and nothing else changes.
    LostAcknowledgement("setLimits", .differs(["flow", "journal"])) { it in { try await it.limit(try .concurrency(2)) }
    },
    LostAcknowledgement("setWeight", .differs(["flow", "journal"])) { it in
      try await it.submit(1)
      return { try await it.store.setWeight(3, source: "default", actor: "ann") }
    },
    LostAcknowledgement("pause") { it in
      try await it.submit(1)
      return { _ = try await it.store.pause(.source("default"), actor: "ann") }
    },
    LostAcknowledgement("pause (workflow)") { it in
      try await it.submit(1)
      return { _ = try await it.store.pause(.workflow("ingest"), actor: "ann") }
    },
    LostAcknowledgement("resume") { it in
      try await it.submit(1)
      _ = try await it.store.pause(.everything, actor: "ann")
      return { _ = try await it.store.resume(.everything, actor: "ann") }
    },
    LostAcknowledgement("configure") { it in
      {
        _ = try await it.store.configure(
          ConfiguredFlow(
            limits: [try .concurrency(3, origin: .configuration)],
            sources: [.init(name: "default", weight: 2, paused: true)], fingerprint: "one"), actor: "ann")
      }
    },
    LostAcknowledgement("createSource") { it in { _ = try await it.store.createSource("new", actor: "ann") } },
    // The probe's place is freed after its time limit, though no probe was made; a counted request stays counted.
    LostAcknowledgement(
      "enter", .differs(["gates"]),
      then: { it in
        it.clock.advance(by: .seconds(6))
        _ = try await it.store.enter(DependencyFixture.call())
      }
    ) { it in
      try await it.limitRequests()
      return { _ = try await it.store.enter(DependencyFixture.call()) }
    },
    // An outcome that cannot be stored is lost, and the caller does not send it again.
    LostAcknowledgement("leave", then: { _ in }) { it in
      let permit = try await it.store.enter(DependencyFixture.call())
      return { await it.store.leave(permit, DependencyCallEnd(outcome: .failed(code: "HTTP_503"))) }
    },
    // The second call opens the breaker again from then on; the journal has both.
    LostAcknowledgement("openBreaker", .differs(["flow", "gates", "journal"])) { it in
      try await it.knowBreaker()
      return { _ = try await it.store.openBreaker(DependencyFixture.name, for: nil, actor: "ann") }
    },
    LostAcknowledgement("resetBreakers") { it in
      try await it.knowBreaker()
      _ = try await it.store.openBreaker(DependencyFixture.name, for: nil, actor: "ann")
      return { _ = try await it.store.resetBreakers(nil, actor: "ann") }
    },
  ]

  // MARK: Schedules

  private static let spec = ScheduleSpec(
    timing: "every 10s", zone: "UTC", overlap: .skip, catchUp: .seconds(3600), jitter: .zero,
    run: ScheduledRun(workflow: "report", task: "{}"))

  static let schedules: [LostAcknowledgement] = [
    LostAcknowledgement("addSchedule", .refused("SCHEDULE_EXISTS")) { it in
      { try await it.store.addSchedule("job", spec, actor: "ann") }
    },
    LostAcknowledgement("removeSchedule", .refused("SCHEDULE_NOT_FOUND")) { it in
      try await it.store.addSchedule("job", spec, actor: "ann")
      return { try await it.store.removeSchedule("job", actor: "ann") }
    },
    LostAcknowledgement("pauseSchedule") { it in
      try await it.store.addSchedule("job", spec, actor: "ann")
      return { _ = try await it.store.pauseSchedule("job", actor: "ann") }
    },
    LostAcknowledgement("resumeSchedule") { it in
      try await it.store.addSchedule("job", spec, actor: "ann")
      _ = try await it.store.pauseSchedule("job", actor: "ann")
      return { _ = try await it.store.resumeSchedule("job", actor: "ann") }
    },
    LostAcknowledgement("configureSchedules") { it in
      { _ = try await it.store.configureSchedules(["job": spec], actor: "ann") }
    },
    LostAcknowledgement("fire") { it in
      try await it.store.addSchedule("job", spec, actor: "ann")
      it.clock.advance(by: .seconds(10))
      let record = try await it.store.schedule("job")
      let tick = ScheduleDecision.Tick(at: it.clock.now, startAt: it.clock.now)
      let firing = ScheduleFiring(
        name: "job", version: record.version, ticks: [tick], last: tick.at, missed: nil, next: nil,
        workflow: StoreFixture.workflow("report", steps: 1), failure: nil)
      return { _ = try await it.store.fire(firing) }
    },
    LostAcknowledgement("runSchedule", .refused("SCHEDULE_BUSY")) { it in
      try await it.store.addSchedule("job", spec, actor: "ann")
      return {
        _ = try await it.store.runSchedule("job", workflow: StoreFixture.workflow("report", steps: 1), actor: "ann")
      }
    },
  ]

  // MARK: Generations

  static let generations: [LostAcknowledgement] = [
    LostAcknowledgement("createIndex") { it in
      { _ = try await it.store.createIndex("other", spec: StoreFixture.spec, actor: "ann") }
    },
    LostAcknowledgement("activateFirst") { it in
      let first = try await it.store.createIndex("other", spec: StoreFixture.spec, actor: "ann")
      return { try await it.store.activateFirst(first, actor: "ann") }
    },
    // The store opens what it is asked for; `index build` refuses a second generation with the same settings.
    LostAcknowledgement("openGeneration", .differs(["indexes", "generations", "jobs", "sources", "lanes", "journal"])) {
      it in
      { _ = try await it.green() }
    },
    LostAcknowledgement("fill") { it in
      let worker = try await it.worker()
      try await it.submit(3)
      for _ in 0..<3 { try await it.complete(worker) }
      _ = try await it.green()
      return { _ = try await it.store.fill(index: "docs", generation: 2, after: nil, limit: 2, actor: "job") }
    },
    // No second job is made; the journal states twice that the held revision was dropped.
    LostAcknowledgement("requeue", .differs(["journal"])) { it in
      let worker = try await it.worker()
      let document = try await it.store.submit(StoreFixture.request("/a")).document
      try await it.complete(worker)
      return { _ = try await it.store.requeue("docs", 1, documents: [document], actor: "ann") }
    },
    LostAcknowledgement("queueWanted") { it in
      let document = try await it.store.submit(StoreFixture.request("/a")).document
      let job = try #require(try await it.claim(try await it.worker()).first)
      try await it.store.finish(job.lease, .cancelled, last: nil)
      return { _ = try await it.store.queueWanted("docs", 1, documents: [document], actor: "ann") }
    },
    LostAcknowledgement("settle") { it in
      let write = try await it.unsettled()
      return { try await it.store.settle(write, shown: ShownRevision(revision: 1, isDeleted: false, chunks: 2)) }
    },
    LostAcknowledgement("settle (not shown)") { it in
      let write = try await it.unsettled()
      return { try await it.store.settle(write, shown: nil) }
    },
    LostAcknowledgement("swap", .refused("SWAP_CONFLICT")) { it in
      _ = try await it.green()
      return { _ = try await it.store.swap(SwapRequest(index: "docs", to: 2, from: 1, actor: "ann")) }
    },
    LostAcknowledgement("closeGeneration") { it in
      let worker = try await it.worker()
      try await it.submit(2)
      _ = try await it.green()
      for _ in 0..<2 { try await it.complete(worker) }
      return { _ = try await it.store.closeGeneration("docs", 2, actor: "ann") }
    },
  ]

  // MARK: Retention

  static let rest: [LostAcknowledgement] = [
    LostAcknowledgement("insertBlob") { it in
      { try await it.store.insertBlob(Blob(hash: ContentHash(rawValue: "blob"), bytes: [1])) }
    },
    LostAcknowledgement("noteBlobFile") { it in
      { try await it.store.noteBlobFile(ContentHash(rawValue: "blob"), size: 100_000) }
    },
    LostAcknowledgement("collectBlobs") { it in
      try await it.store.insertBlob(Blob(hash: ContentHash(rawValue: "blob"), bytes: [1]))
      it.clock.advance(by: .seconds(7200))
      return { _ = try await it.store.collectBlobs(grace: .seconds(3600), limit: 10) { _ in } }
    },
    LostAcknowledgement("store") { it in
      {
        try await it.store.store(
          embedder: "hash", vectors: (0..<200).map { (text: ContentHash(rawValue: "\($0)"), vector: [1, 2]) })
      }
    },
    LostAcknowledgement("prune") { it in
      let worker = try await it.worker()
      try await it.submit(3)
      for _ in 0..<3 { try await it.complete(worker) }
      it.clock.advance(by: .seconds(200 * 86_400))
      return { _ = try await it.store.prune(try Retention()) }
    },
  ]
}

extension StoreFixture {
  func green() async throws -> Generation {
    var spec = Self.spec
    spec.chunker.target = 100
    return try await store.openGeneration(
      index: "docs", spec: spec, reindex: Self.workflow("reindex", steps: 3), actor: "ann"
    ).generation
  }

  fileprivate func limitRequests() async throws {
    try await store.setLimits([.set(try .throttle("10/m", per: .provider, counting: .requests))], actor: "ann")
  }

  fileprivate func knowBreaker() async throws {
    let permit = try await store.enter(DependencyFixture.call())
    await store.leave(permit, DependencyCallEnd(outcome: .failed(code: "HTTP_503")))
  }
}
