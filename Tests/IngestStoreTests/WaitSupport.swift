import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

extension StoreFixture {
  /// A workflow with an approval step, two other steps and, on request, an on-failure step.
  static func waiting(onFailure: Bool = false, deadline: Duration? = nil) -> PinnedWorkflow {
    let definition = WorkflowDefinition(
      name: "waiting", deadline: deadline,
      steps: [
        StepDefinition(id: "ask", uses: "approval"), StepDefinition(id: "wait", uses: "wait-for-signal"),
        StepDefinition(id: "end", uses: "noop"),
      ], onFailure: onFailure ? StepDefinition(id: "tell", uses: "noop") : nil)
    return PinnedWorkflow(
      version: ContentHash(rawValue: "waiting-\(onFailure)-\(deadline ?? .zero)"), definition: definition)
  }

  func submitWaiting(_ uri: String, _ workflow: PinnedWorkflow = waiting()) async throws -> JobID {
    try #require(try await store.submit(Self.request(uri, "text of \(uri)", workflow: workflow)).job)
  }

  /// Submits and claims a job, and makes its first step wait.
  @discardableResult
  func wait(
    _ worker: WorkerID, for wait: StepWait = .signal("go", until: nil), uri: String = "/a",
    _ workflow: PinnedWorkflow = waiting()
  ) async throws -> ClaimedJob {
    _ = try await submitWaiting(uri, workflow)
    let job = try #require(try await claim(worker).first)
    try await finishWaiting(job, for: wait)
    return job
  }

  func finishWaiting(_ job: ClaimedJob, for wait: StepWait, position: Int = 0) async throws {
    try await store.finish(
      job.lease, .waits(wait, step: "ask", position: position, cursor: "{\"at\":\(position)}"), last: nil)
  }

  func signal(_ job: JobID, _ name: String = "go", _ data: String = "1", by actor: String = "ann") async throws
    -> SignalReceipt
  {
    try await store.signal(job, name: name, data: data, actor: actor)
  }

  /// Makes children of the job's first step, in one save.
  func make(_ positions: Range<Int>, of job: ClaimedJob, parallel: Int? = nil) async throws {
    let children = positions.map { ChildJob(position: $0, workflow: Self.workflow("child"), task: "\($0)") }
    try await store.save(
      job.lease, step: "ask", position: 0,
      StepSave(
        progress: StepProgress(done: positions.upperBound, unit: "children"),
        children: ChildBatch(jobs: children, parallel: parallel)))
  }

  /// Returns whether the counters of child groups equal the rows that they count, and no parent waits for children that
  /// have ended.
  func childGroupsAreTrue() async throws -> Bool {
    try await database.read { db in
      let wrong = try db.first(
        """
        SELECT count(*) FROM child_groups f WHERE
          f.open <> (SELECT count(*) FROM jobs WHERE parent_key = f.parent_key AND parent_step = f.step
            AND finished_at IS NULL)
          OR f.held <> (SELECT count(*) FROM jobs WHERE parent_key = f.parent_key AND parent_step = f.step
            AND state = 'queued' AND reason = 'after-previous')
          OR f.completed <> (SELECT count(*) FROM jobs WHERE parent_key = f.parent_key AND parent_step = f.step
            AND state = 'completed')
          OR f.cancelled <> (SELECT count(*) FROM jobs WHERE parent_key = f.parent_key AND parent_step = f.step
            AND state = 'cancelled')
          OR f.dead <> (SELECT count(*) FROM jobs WHERE parent_key = f.parent_key AND parent_step = f.step
            AND state = 'dead')
          OR (f.held > 0 AND f.open - f.held < coalesce(f.parallel, 0) AND f.closing = 0)
        """
      ) { $0.int(0) }
      let stuck = try db.first(
        """
        SELECT count(*) FROM jobs j JOIN child_groups f ON f.parent_key = j.key AND f.step = j.waits_children
        WHERE j.state = 'waiting' AND f.open = 0
        """
      ) { $0.int(0) }
      return wrong == 0 && stuck == 0
    }
  }
}
