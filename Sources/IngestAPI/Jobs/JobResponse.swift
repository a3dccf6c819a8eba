package import IngestCore

/// A job as `job list`, `job show` and `job wait` print it.
package struct JobResponse: Codable, Hashable, Sendable {
  package var job: String
  package var workflow: String
  package var workflowVersion: String
  package var source: String
  package var index: String?
  package var generation: Int?
  package var document: String?
  package var revision: Int?
  package var uri: String?
  package var state: JobState
  package var degraded: Bool
  /// For a queued or cancelled job only.
  package var reason: String?
  /// One sentence that explains why the job is not running now.
  package var explanation: Hint?
  package var nextAt: Timestamp?
  package var priority: Int
  package var progress: StepProgress?
  package var worker: String?
  package var createdAt: Timestamp
  package var startedAt: Timestamp?
  package var finishedAt: Timestamp?
  package var steps: [Step]
  /// Every failed attempt, oldest first.
  package var attempts: [ErrorBody]
  package var error: ErrorBody?
  package var waitsFor: Wait?
  /// For a job that has created child jobs.
  package var children: Children?
  /// The job that created this child, unless that job is gone.
  package var parent: String?
  /// The place of a child among the children of its parent.
  package var child: Int?
  /// The finished job that this job repeats.
  package var replayOf: String?
  /// The last 50 events, oldest first, in `job show`.
  package var timeline: [JobEventResponse]?
  package var timelineTotal: Int?

  package init(_ report: JobReport) {
    job = report.job
    workflow = report.workflow
    workflowVersion = report.workflowVersion
    source = report.source
    index = report.index
    generation = report.generation
    document = report.document
    revision = report.revision
    uri = report.uri
    state = report.state
    degraded = report.degraded
    reason = report.reason
    explanation = report.explanation
    nextAt = report.nextAt
    priority = report.priority
    progress = report.progress
    worker = report.worker
    createdAt = report.createdAt
    startedAt = report.startedAt
    finishedAt = report.finishedAt
    steps = report.steps.map(Step.init)
    attempts = report.attempts.map(ErrorBody.init)
    error = report.error.map(ErrorBody.init)
    waitsFor = report.waitsFor.map(Wait.init)
    children = report.children.map(Children.init)
    parent = report.parent
    child = report.child
    replayOf = report.replayOf
    timeline = report.timeline?.map(JobEventResponse.init)
    timelineTotal = report.timelineTotal
  }
}
