import IngestCore
import IngestOperations
import IngestStore
import IngestTestKit
import Testing

@Suite("Following jobs")
struct FollowOperationsTests {
  private func withLiveWorker() async throws -> (OperationsFixture, WorkerID) {
    var it = try await OperationsFixture()
    it.liveness.names = ["worker-1"]
    return (it, try await it.base.worker())
  }

  @Test("jobs that have ended are counted at the first check, with the reason of each dead one")
  func ended() async throws {
    let (it, worker) = try await withLiveWorker()
    let dead = try await it.dead("/a")
    let done = try await it.submit("/b")
    for claimed in try await it.base.claim(worker, limit: 10) where claimed.lease.job == done {
      try await it.store.finish(claimed.lease, .completed, last: nil)
    }
    let cancelled = try await it.submit("/c")
    _ = try await it.operations.cancelJobs(JobQuery(ids: [cancelled.rawValue]), dryRun: false)
    var died: [String] = []
    let followed = try await it.operations.follow([dead, done, cancelled]) { followed in
      died += followed.died.compactMap(\.error?.code)
    }
    #expect(followed.isOver && followed.done == 3 && followed.total == 3)
    #expect((followed.completed, followed.dead, followed.cancelled, followed.gone) == (1, 1, 1, 0))
    #expect(died == ["BROKEN"])
  }

  @Test("a job that was purged while it was followed counts as gone")
  func gone() async throws {
    let (it, _) = try await withLiveWorker()
    let dead = try await it.dead("/a")
    _ = try await it.operations.purge(DeadLetterQuery(ids: [dead.rawValue]), dryRun: false)
    let followed = try await it.operations.follow([dead]) { _ in }
    #expect(followed.isOver && followed.gone == 1 && followed.completed == 0)
  }

  @Test("a job that ends later is followed to its end")
  func later() async throws {
    let (it, worker) = try await withLiveWorker()
    let job = try await it.submit("/a")
    let followed = try await withThrowingTaskGroup(of: FollowedJobs?.self) { group in
      group.addTask { try await it.operations.follow([job]) { _ in } }
      group.addTask {
        let claimed = try await it.base.claim(worker)
        // The follower has checked and sleeps: only the clock wakes it.
        while it.base.clock.sleepers == 0 { await Task.yield() }
        for claimed in claimed { try await it.store.finish(claimed.lease, .completed, last: nil) }
        while !Task.isCancelled {
          it.base.clock.advance(by: .seconds(1))
          await Task.yield()
        }
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    #expect(followed?.completed == 1)
    #expect(followed.map { $0.elapsed > .zero } == true)
  }

  @Test("open jobs without a live worker are reported at once, with the action that starts one")
  func noWorker() async throws {
    let it = try await OperationsFixture()
    _ = try await it.base.worker()
    let job = try await it.submit("/a")
    let failure = await #expect(throws: Failure.self) { try await it.operations.follow([job]) { _ in } }
    #expect(failure?.code == "NO_WORKER" && failure?.category == .later)
    #expect(failure?.hint.actions.first?.name == .worker)
  }

  @Test("the timeout ends the wait and leaves the job as it is")
  func timeout() async throws {
    let (it, _) = try await withLiveWorker()
    let job = try await it.submit("/a")
    #expect(await code { try await it.operations.follow([job], timeout: .zero) { _ in } } == "WAIT_TIMEOUT")
    #expect(try await it.store.job(job).state == .queued)
  }
}

@Suite("Operations on the status")
struct StatusOperationsTests {
  @Test("the status counts jobs by state and says which registered workers are alive")
  func overview() async throws {
    var it = try await OperationsFixture()
    it.liveness.names = ["alive"]
    _ = try await it.dead("/a")
    _ = try await it.submit("/b", source: "feed")
    _ = try await it.base.worker("alive")
    _ = try await it.base.worker("killed")
    let overview = try await it.operations.status()
    #expect((overview.report.queued, overview.report.dead) == (1, 1))
    #expect(overview.alive == ["alive"])
    #expect(overview.report.workers.filter { overview.isAlive($0) }.map(\.worker) == ["alive"])
    #expect(overview.report.workers.contains { $0.worker == "killed" && !overview.isAlive($0) })
    #expect(try await it.operations.hasWorker())
    it.liveness.names = []
    #expect(try await !it.operations.hasWorker())
  }

  @Test("a program without a test of liveness takes every registered worker for alive")
  func withoutLiveness() async throws {
    let it = try await OperationsFixture()
    let operations = Operations(it.parts { $0.liveness = nil }, actor: Actor(.program, "test"))
    #expect(try await !operations.hasWorker())
    _ = try await it.base.worker()
    #expect(try await operations.hasWorker())
  }

  @Test("an operation that needs a part which the program lacks says so")
  func missingPart() async throws {
    let it = try await OperationsFixture()
    let bare = Operations(
      it.parts {
        $0.settings = nil
        $0.workflows = nil
      }, actor: Actor(.program, "test"))
    #expect(await code { _ = try await bare.createIndex("more", GenerationWishes()) } == "PART_MISSING")
    #expect(await code { _ = try await bare.enqueue(WorkflowStart(workflow: "w")) } == "PART_MISSING")
    #expect(await code { _ = try await bare.search(SearchQuery("x", index: "docs")) } == "SEARCH_UNAVAILABLE")
  }
}
