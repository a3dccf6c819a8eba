import IngestCore
import IngestStore
import IngestTestKit
import Testing

extension LostAcknowledgement {
  static let all = queue + submits + people + flow + schedules + generations + rest

  /// Transitions that happen only inside others, and the others' names.
  static let parts = [
    "remove": ["collectBlobs"], "change": ["openBreaker", "resetBreakers"], "slice": ["prune"],
    "forgetHoldings": ["closeGeneration"], "noteBoot": ["claim"], "queue": ["requeue", "queueWanted"],
  ]

  // MARK: A worker

  static let queue: [LostAcknowledgement] = [
    LostAcknowledgement("register") { it in { _ = try await it.worker() } },
    LostAcknowledgement("deregister") { it in
      let worker = try await it.worker()
      return { try await it.store.deregister(worker) }
    },
    LostAcknowledgement("reclaim") { it in
      let worker = try await it.worker()
      _ = try await it.store.submit(StoreFixture.request("/a"))
      _ = try await it.claim(worker)
      return { _ = try await it.store.reclaim(dead: worker) }
    },
    LostAcknowledgement("renew") { it in
      let worker = try await it.worker()
      _ = try await it.store.submit(StoreFixture.request("/a"))
      let job = try #require(try await it.claim(worker).first)
      return { _ = try await it.store.renew(worker, leases: [job.lease], for: .seconds(30)) }
    },
    // No worker knows of the lease: when it has run out, the job is claimed again with a new fence, and no attempt is
    // spent.
    LostAcknowledgement(
      "claim", .differs(["jobs", "journal"]),
      then: { it in
        let worker = WorkerID(rawValue: "worker-1")
        let none = try await it.claim(worker)
        #expect(none.isEmpty)
        it.clock.advance(by: .seconds(31))
        let job = try #require(try await it.claim(worker).first)
        #expect(job.lease.fence == 2)
        #expect(job.steps.isEmpty)
        #expect(!job.alone)
        let reclaimed = try await it.store.job(job.lease.job)
        #expect(reclaimed.state == .running)
      }
    ) { it in
      let worker = try await it.worker()
      try await it.limit(try .concurrency(1))
      _ = try await it.store.submit(StoreFixture.request("/a"))
      return { _ = try await it.claim(worker) }
    },
    LostAcknowledgement("save") { it in
      let job = try await it.claimed()
      return {
        try await it.store.save(
          job.lease, step: "step-0", position: 0,
          StepSave(
            progress: StepProgress(done: 1, unit: "pages"), cursor: "c",
            blobs: [Blob(hash: ContentHash(rawValue: "part"), bytes: [1])], references: [ContentHash(rawValue: "part")],
            children: ChildBatch(
              jobs: [ChildJob(position: 0, workflow: StoreFixture.workflow("child"), task: "0")], parallel: nil)))
      }
    },
    // Log lines have no identity of their own: a repeated call writes them again.
    LostAcknowledgement("save (log)", .differs(["logs"])) { it in
      let job = try await it.claimed()
      return {
        try await it.store.save(
          job.lease, step: "step-0", position: 0,
          StepSave(progress: StepProgress(done: 1, unit: "pages"), log: ["a line"]))
      }
    },
    // The runner treats it as a failed attempt: the job is claimed again, finds the checkpoint and continues after it.
    LostAcknowledgement(
      "checkpoint", .differs(["jobs", "sources", "lanes", "steps", "attempts", "journal"]),
      then: { it in
        let job = try #require(try await it.store.jobs(JobFilter()).first)
        let lease = Lease(
          key: 1, job: JobID(rawValue: job.job), worker: WorkerID(rawValue: "worker-1"), fence: 1)
        try await it.store.finish(
          lease, .retry(it.failed(), after: .zero, spends: true, reason: .retrying), last: nil)
        let again = try #require(try await it.claim(WorkerID(rawValue: "worker-1")).first)
        #expect(again.steps.first?.result != nil)
      }
    ) { it in
      let job = try await it.claimed()
      let hold = try it.hold(job)
      return { try await it.store.checkpoint(job.lease, it.checkpoint(job, 0, effects: [hold])) }
    },
    LostAcknowledgement("finish (completed)", .leaseLost) { it in
      let job = try await it.claimed()
      let hold = try it.hold(job)
      return { try await it.store.finish(job.lease, .completed, last: it.checkpoint(job, 1, effects: [hold])) }
    },
    LostAcknowledgement("finish (retry)", .leaseLost) { it in
      let job = try await it.claimed()
      return {
        try await it.store.finish(
          job.lease, .retry(it.failed(), after: .seconds(1), spends: true, reason: .retrying), last: nil)
      }
    },
    LostAcknowledgement("finish (poison)", .leaseLost) { it in
      let job = try await it.claimed()
      return {
        try await it.store.finish(
          job.lease, .retry(it.failed(.poison), after: .seconds(1), spends: true, reason: .retrying), last: nil)
      }
    },
    LostAcknowledgement("finish (dead)", .leaseLost) { it in
      let job = try await it.claimed()
      return { try await it.store.finish(job.lease, .dead(it.failed(.permanent)), last: nil) }
    },
    LostAcknowledgement("finish (cancelled)", .leaseLost) { it in
      let job = try await it.claimed()
      return { try await it.store.finish(job.lease, .cancelled, last: nil) }
    },
    LostAcknowledgement("finish (released)", .leaseLost) { it in
      let job = try await it.claimed()
      return { try await it.store.finish(job.lease, .released, last: nil) }
    },
    LostAcknowledgement("finish (parked)", .leaseLost) { it in
      let job = try await it.claimed()
      return {
        try await it.store.finish(
          job.lease, .parked(StepGates(workflow: "ingest", step: "step-0", concurrency: 1)), last: nil)
      }
    },
    LostAcknowledgement("finish (waits)", .leaseLost) { it in
      let job = try await it.claimed()
      return {
        try await it.store.finish(
          job.lease, .waits(.signal("go", until: nil), step: "step-0", position: 0, cursor: "{}"), last: nil)
      }
    },
    LostAcknowledgement("finish (waiting)", .leaseLost) { it in
      _ = try await it.store.submit(StoreFixture.request("/first"))
      let job = try await it.claimed()
      return { try await it.store.finish(job.lease, .gathers, last: it.checkpoint(job, 0)) }
    },
    LostAcknowledgement("markFailing") { it in
      let job = try await it.claimed()
      return { try await it.store.markFailing(job.lease, it.failed(.permanent)) }
    },
    LostAcknowledgement("admit (concurrency)") { it in
      let job = try await it.claimed()
      return {
        _ = try await it.store.admit(job.lease, StepGates(workflow: "ingest", step: "step-0", concurrency: 2))
      }
    },
    // An unused grant is void, and still counted.
    LostAcknowledgement("admit (throttle)", .differs(["gates"])) { it in
      let job = try await it.claimed()
      let rate = try RateSpec("10/m")
      return {
        _ = try await it.store.admit(job.lease, StepGates(workflow: "ingest", step: "step-0", throttle: rate))
      }
    },
  ]

  // MARK: A submitter

  static let submits: [LostAcknowledgement] = [
    LostAcknowledgement("submit") { it in { _ = try await it.store.submit(StoreFixture.request("/a")) } },
    LostAcknowledgement("submit (key)") { it in
      { _ = try await it.store.submit(StoreFixture.request("/a", key: "key")) }
    },
    LostAcknowledgement("submit (many)") { it in
      { _ = try await it.store.submit([StoreFixture.request("/a"), StoreFixture.request("/b")]) }
    },
    LostAcknowledgement("submit (update)") { it in
      let worker = try await it.worker()
      _ = try await it.store.submit(StoreFixture.request("/a", "old"))
      try await it.complete(worker)
      return { _ = try await it.store.submit(StoreFixture.request("/a", "new")) }
    },
    LostAcknowledgement("submit (delete)") { it in
      let worker = try await it.worker()
      _ = try await it.store.submit(StoreFixture.request("/a"))
      try await it.complete(worker)
      var request = StoreFixture.request("/a")
      request.change = .delete
      return { [request] in _ = try await it.store.submit(request) }
    },
    LostAcknowledgement("enqueue (key)") { it in { _ = try await it.store.enqueue(StoreFixture.start(key: "key")) } },
    // Two calls make two jobs: only a key can show that they are the same.
    LostAcknowledgement("enqueue", .differs(["jobs", "sources", "lanes", "journal"])) { it in
      { _ = try await it.store.enqueue(StoreFixture.start()) }
    },
    LostAcknowledgement("submit (rate limit)") { it in
      try await it.limit(try .rateLimit("5/m"))
      return { _ = try await it.store.submit(StoreFixture.request("/a")) }
    },
  ]
}

extension StoreFixture {
  /// Submits and claims a job.
  func claimed() async throws -> ClaimedJob {
    let worker = try await worker()
    _ = try await store.submit(Self.request("/a"))
    return try #require(try await claim(worker).first)
  }

  func hold(_ job: ClaimedJob) throws -> CatalogueEffect {
    let task = try TestJSON.decode(DocumentTask.self, job.task)
    return .hold(
      index: task.index, generation: task.generation, document: task.document, revision: task.revision,
      change: task.change, chunks: 3)
  }
}
