import IngestAPI
import IngestCore
import IngestOperations
import Testing

@Suite("Responses about jobs")
struct JobRoundTripTests {
  private let time = Timestamp(rawValue: 1_770_000_000_123_000)
  private let failure = Failure(.permanent, code: "BROKEN", "It broke.", hint: "Mend it.")
    .during(step: "parse", attempt: 2)

  private var report: JobReport {
    var report = JobReport(
      job: "01J", workflow: "ingest", workflowVersion: "v1", source: "handbook", index: "docs", generation: 2,
      document: "01D", revision: 3, uri: "/a", state: .dead, degraded: true, reason: "superseded",
      explanation: "It is a dead letter.", nextAt: time, priority: 1,
      progress: StepProgress(done: 1, total: 2, unit: "pages"), worker: "w", createdAt: time, startedAt: time,
      finishedAt: time,
      steps: [
        JobReport.Step(
          id: "parse", state: .failed, attempts: 2, startedAt: time, finishedAt: time, durationMs: 5, error: failure)
      ], attempts: [failure], error: failure)
    report.waitsFor = JobWait(kind: .signal, name: "scanned", until: time, action: nil)
    report.children = ChildrenSummary(
      open: 1, completed: 1, cancelled: 0, dead: 1, failures: [.init(job: "01C", child: 0, error: failure)])
    report.parent = "01P"
    report.child = 4
    report.replayOf = "01O"
    report.timeline = [event]
    report.timelineTotal = 1
    return report
  }

  private var event: JobEvent {
    JobEvent(
      id: "1", at: time, event: "attempt-failed", actor: "worker/1", step: "parse", attempt: 2, text: "t",
      error: failure)
  }

  @Test("a job has the documented fields, and is decoded unchanged")
  func job() throws {
    try expectRoundTrip(
      JobResponse(report),
      fields: """
        attempts child children created_at degraded document error explanation finished_at generation index job next_at \
        parent priority progress reason replay_of revision source started_at state steps timeline timeline_total uri \
        waits_for worker workflow workflow_version
        """)
    try expectRoundTrip(JobEventResponse(event), fields: "actor at attempt error event step text")
  }

  @Test("a waiting job names the command that ends the wait, in the wording of the client's interface")
  func command() throws {
    var job = report
    job.waitsFor = JobWait(kind: .signal, name: "scanned", action: Action(.jobSignal, "01J", "scanned"))
    let text = try APIJSON.encode(JobResponse(job)) { "run \($0.name.rawValue) \($0.subjects.joined(separator: " "))" }
    #expect(text.contains(#""command":"run job signal 01J scanned""#))
    #expect(try APIJSON.decode(JobResponse.self, from: text).waitsFor?.command == .text("run job signal 01J scanned"))
  }

  @Test("a job without a document leaves out the fields that it does not have")
  func bareJob() throws {
    let bare = JobReport(
      job: "01J", workflow: "scan", workflowVersion: "v1", source: "s", index: "docs", generation: 1, document: nil,
      revision: nil, uri: nil, state: .queued, degraded: false, reason: nil, explanation: nil, nextAt: nil,
      priority: 0, progress: nil, worker: nil, createdAt: time, startedAt: nil, finishedAt: nil, steps: [],
      attempts: [], error: nil)
    try expectRoundTrip(
      JobResponse(bare),
      fields:
        "attempts created_at degraded generation index job priority source state steps workflow workflow_version")
  }

  @Test("a response to an action on many jobs has at most 50 of them, and counts all")
  func bulk() throws {
    var report = BulkReport(isDryRun: true)
    for number in 0..<60 { report.add(.init(id: "\(number)", uri: nil, verdict: .redriven)) }
    report.add(.init(id: "x", uri: "/a", verdict: .refused, refusal: failure))
    try expectRoundTrip(BulkResponse(report), fields: "counts dry_run jobs total")
    #expect(BulkResponse(report).jobs.count == 50)
    #expect(BulkResponse(report).counts == ["redriven": 60, "refused": 1])
    try expectRoundTrip(
      BulkResponse.redrive(report),
      fields: "counts dry_run jobs redriven redriven_total superseded superseded_total total")
    try expectRoundTrip(BulkResponse.purge(report), fields: "counts dry_run jobs purged total")
  }

  @Test("a dead letter's stored JSON keeps its keys unchanged", arguments: [nil, 1])
  func deadLetter(limit: Int?) throws {
    let letter = DeadLetter(
      id: "01L", kind: .chunk, job: "01J", source: "s", index: "docs", generation: 1, uri: "/a", step: "embed",
      attempts: 2, diedAt: time, error: failure, quarantined: false, ordinal: 1, page: 2, start: 3, end: 4)
    let attempt = FailedAttempt(position: 0, failure: failure, startedAt: time, finishedAt: time)
    let record = DeadRecord(
      letter: letter, report: report, task: #"{"someKey":1,"other_key":[null,true,1.5,"x"]}"#,
      content: ContentHash(rawValue: "c"), definition: #"{"name":"ingest"}"#, attempts: [attempt, attempt],
      checkpoints: [.init(step: "parse", result: #"{"pageCount":2}"#, finishedAt: time)])
    let response = DeadRecordResponse(record, limit: limit)
    try expectRoundTrip(
      response,
      fields: """
        attempts checkpoints checkpoints_total content created_at died_at end error generation history history_total id \
        index job kind ordinal page priority quarantined source start step task timeline timeline_total uri workflow \
        workflow_version
        """ + (limit == nil ? " definition" : ""))
    #expect(
      try APIJSON.encode(response, render: { $0.name.rawValue }).contains(
        #""task":{"other_key":[null,true,1.5,"x"],"someKey":1}"#))
    #expect(response.whole.history.count == (limit ?? 2))
    #expect(response.whole.historyTotal == 2)
  }

  @Test("a schedule has a scan or a task")
  func schedule() throws {
    let common = """
      catch_up_ms fired index jitter_ms next origin overlap priority running schedule skipped source state timing \
      workflow zone
      """
    for (run, fields) in [
      (ScheduledRun(workflow: "feed", task: "{}"), common + " task"),
      (try ScheduledRun(scan: ScanTask(path: "/a")), common + " scan"),
    ] {
      let record = ScheduleRecord(
        name: "nightly", spec: ScheduleSpec(timing: "every 1h", run: run), origin: .live, isPaused: true, version: 1,
        createdAt: time, last: time, next: nil, queued: nil, running: 0, fired: 0, skipped: 0, missed: nil,
        lastFiredAt: nil, lastJob: nil, lastState: nil, error: nil)
      try expectRoundTrip(ScheduleResponse(ScheduleReport(record, next: [])), fields: fields)
    }
  }
}
