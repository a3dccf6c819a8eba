/// What people ask about jobs and do to them.
package protocol JobStore: Sendable {
  /// The whole id from a unique beginning of at least four characters.
  /// - Throws: `JOB_NOT_FOUND`, `JOB_AMBIGUOUS`.
  func resolveJob(_ text: String) async throws -> JobID
  func job(_ id: JobID) async throws -> JobReport
  func jobs(_ filter: JobFilter) async throws -> [JobReport]
  /// What happened to a job, oldest first.
  /// - Parameter logs: the lines that its steps wrote too.
  /// - Throws: `JOB_NOT_FOUND`.
  func events(of id: JobID, logs: Bool) async throws -> [JobEvent]
  /// Ends a queued or waiting job at once; asks a running one to stop.
  func cancel(_ id: JobID, actor: String) async throws -> JobState
  /// Makes a queued job due now.
  /// - Throws: `JOB_NOT_QUEUED`.
  func retry(_ id: JobID, actor: String) async throws -> JobState
  /// Does the same to all jobs that a filter selects, in short transactions: what was done stays done if it is stopped, and
  /// the same call again does the rest. Each ``JobAction`` says which states it takes where the filter names none.
  /// - Parameter dryRun: decides alike, and changes nothing.
  func act(_ action: JobAction, on filter: JobFilter, dryRun: Bool, actor: String) async throws -> BulkReport
  /// The states of many jobs at once, for whoever waits for them; ids that are gone are missing.
  func progress(of jobs: [JobID]) async throws -> [JobProgress]

  /// Dead letters, the last to die first. ``JobFilter/ids`` are those of letters here.
  func dead(_ filter: JobFilter) async throws -> [DeadLetter]
  /// A dead letter's whole id from a unique beginning of at least four characters.
  /// - Throws: `DEAD_NOT_FOUND`, `JOB_AMBIGUOUS`.
  func resolveDead(_ text: String) async throws -> JobID
  /// A dead letter with all that is kept of it.
  /// - Throws: `DEAD_NOT_FOUND`.
  func wholeDead(_ id: JobID) async throws -> DeadRecord
  /// Contents on which processes died, the last one first.
  func quarantine() async throws -> [QuarantinedContent]
  /// Forgets the deaths on a content, so that it is tried again.
  /// - Returns: whether there were any.
  func liftQuarantine(_ content: ContentHash, actor: String) async throws -> Bool

  func status() async throws -> StatusReport
  /// The workers alone.
  func workers() async throws -> [StatusReport.Worker]
}

/// Which jobs; nil fields select all.
package struct JobFilter: Sendable {
  package var ids: [JobID]?
  package var source: String?
  package var index: String?
  package var state: JobState?
  package var code: String?
  /// The step that the error belongs to.
  package var step: String?
  /// Of dead letters; nil for both.
  package var kind: DeadLetter.Kind?
  package var workflow: String?
  /// Of a queued job, as ``JobReport/reason`` tells it.
  package var reason: QueuedReason?
  /// Entries that the document's metadata must have.
  package var meta: [String: String]
  package var since: Timestamp?
  /// Only those that were made, or have ended, before then.
  package var until: Timestamp?
  /// Newest first, at most so many.
  package var limit: Int

  package init(
    ids: [JobID]? = nil, source: String? = nil, index: String? = nil, state: JobState? = nil, code: String? = nil,
    step: String? = nil, kind: DeadLetter.Kind? = nil, workflow: String? = nil, reason: QueuedReason? = nil,
    meta: [String: String] = [:], since: Timestamp? = nil,
    until: Timestamp? = nil, limit: Int = 50
  ) {
    self.ids = ids
    self.source = source
    self.index = index
    self.state = state
    self.code = code
    self.step = step
    self.kind = kind
    self.workflow = workflow
    self.reason = reason
    self.meta = meta
    self.since = since
    self.until = until
    self.limit = limit
  }
}

/// A job as it is shown; the fields of DESIGN §5.
package struct JobReport: Sendable {
  /// What the checkpoint of a step says whose condition did not hold.
  package static let skippedResult = "{\"skipped\":true}"

  package struct Step: Sendable {
    package enum State: String, Sendable {
      case pending, running, waiting, completed, failed
      /// Its condition did not hold.
      case skipped
    }
    package var id: String
    package var state: State
    /// Tries begun that ended in a checkpoint or spent an attempt.
    package var attempts: Int
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var durationMs: Int64?
    package var error: Failure?

    package init(
      id: String, state: State, attempts: Int, startedAt: Timestamp?, finishedAt: Timestamp?, durationMs: Int64?,
      error: Failure?
    ) {
      self.id = id
      self.state = state
      self.attempts = attempts
      self.startedAt = startedAt
      self.finishedAt = finishedAt
      self.durationMs = durationMs
      self.error = error
    }
  }

  package var job: String
  package var workflow: String
  package var workflowVersion: String
  package var source: String
  /// Nil, as ``generation``, for a job that belongs to no index.
  package var index: String?
  package var generation: Int?
  package var document: String?
  package var revision: Int?
  package var uri: String?
  package var state: JobState
  package var degraded: Bool
  /// Of a queued or cancelled job.
  package var reason: String?
  /// One sentence on why it is not running now.
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
  package var attempts: [Failure]
  package var error: Failure?
  /// Of a waiting job.
  package var waitsFor: JobWait?
  /// Of a job that has made child jobs.
  package var children: ChildrenSummary?
  /// Of a child: the job that made it, unless that is gone, and its place among the children.
  package var parent: String?
  package var child: Int?
  /// The finished job that it repeats.
  package var replayOf: String?
  /// What happened to it, oldest first, of a job that is shown by itself: the last 50.
  package var timeline: [JobEvent]?
  package var timelineTotal: Int?

  package init(
    job: String, workflow: String, workflowVersion: String, source: String, index: String?, generation: Int?,
    document: String?, revision: Int?, uri: String?, state: JobState, degraded: Bool, reason: String?,
    explanation: Hint?, nextAt: Timestamp?, priority: Int, progress: StepProgress?, worker: String?,
    createdAt: Timestamp, startedAt: Timestamp?, finishedAt: Timestamp?, steps: [Step], attempts: [Failure],
    error: Failure?
  ) {
    self.job = job
    self.workflow = workflow
    self.workflowVersion = workflowVersion
    self.source = source
    self.index = index
    self.generation = generation
    self.document = document
    self.revision = revision
    self.uri = uri
    self.state = state
    self.degraded = degraded
    self.reason = reason
    self.explanation = explanation
    self.nextAt = nextAt
    self.priority = priority
    self.progress = progress
    self.worker = worker
    self.createdAt = createdAt
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.steps = steps
    self.attempts = attempts
    self.error = error
  }
}

/// How far one job is, for whoever waits.
package struct JobProgress: Sendable {
  package var job: JobID
  package var state: JobState
  package var step: String?
  package var progress: StepProgress?
  /// What its finished steps have counted, as their results say; 0 where none did.
  package var pages: Int
  package var chunks: Int
  package var error: Failure?

  package init(
    job: JobID, state: JobState, step: String?, progress: StepProgress?, pages: Int = 0, chunks: Int = 0,
    error: Failure?
  ) {
    self.job = job
    self.state = state
    self.step = step
    self.progress = progress
    self.pages = pages
    self.chunks = chunks
    self.error = error
  }
}

/// The whole at a glance.
package struct StatusReport: Sendable {
  package struct Source: Sendable {
    package var source: String
    package var queued: Int
    package var running: Int
    package var waiting: Int
    package var completed: Int
    package var cancelled: Int
    package var dead: Int

    package init(
      source: String, queued: Int, running: Int, waiting: Int, completed: Int, cancelled: Int, dead: Int
    ) {
      self.source = source
      self.queued = queued
      self.running = running
      self.waiting = waiting
      self.completed = completed
      self.cancelled = cancelled
      self.dead = dead
    }
  }

  package struct Worker: Sendable {
    package var worker: String
    package var process: Int32
    package var host: String
    package var concurrency: Int
    package var running: Int
    package var startedAt: Timestamp
    /// A ``LivenessToken``.
    package var lockPath: String

    package init(
      worker: String, process: Int32, host: String, concurrency: Int, running: Int, startedAt: Timestamp,
      lockPath: String
    ) {
      self.worker = worker
      self.process = process
      self.host = host
      self.concurrency = concurrency
      self.running = running
      self.startedAt = startedAt
      self.lockPath = lockPath
    }
  }

  /// Why the queued jobs are not running: those of one reason.
  package struct Reason: Sendable, Hashable {
    package var reason: QueuedReason
    package var count: Int
    /// When the first of them goes on.
    package var nextAt: Timestamp?

    package init(reason: QueuedReason, count: Int, nextAt: Timestamp? = nil) {
      self.reason = reason
      self.count = count
      self.nextAt = nextAt
    }
  }

  package var queued = 0
  package var running = 0
  package var waiting = 0
  package var completed = 0
  package var cancelled = 0
  package var dead = 0
  /// ``queued`` by reason; those that are none are left out.
  package var queuedReasons: [Reason]
  /// At most 50, the busiest first.
  package var sources: [Source]
  package var sourcesTotal: Int
  /// Of the dependencies that steps call; at most 50.
  package var breakers: [BreakerReport]
  package var breakersTotal: Int
  package var workers: [Worker]

  package init(
    sources: [Source], queuedReasons: [Reason] = [], workers: [Worker], breakers: [BreakerReport] = []
  ) {
    self.queuedReasons = queuedReasons
    for source in sources {
      queued += source.queued
      running += source.running
      waiting += source.waiting
      completed += source.completed
      cancelled += source.cancelled
      dead += source.dead
    }
    self.sources = Array(sources.prefix(50))
    self.sourcesTotal = sources.count
    self.breakers = Array(breakers.prefix(50))
    self.breakersTotal = breakers.count
    self.workers = workers
  }
}
