/// The store operations that people use on jobs and dead letters.
package protocol JobStore: Sendable {
  /// Returns the full id for a unique prefix of at least four characters.
  /// - Throws: `JOB_NOT_FOUND`, `JOB_AMBIGUOUS`.
  func resolveJob(_ text: String) async throws -> JobID
  func job(_ id: JobID) async throws -> JobReport
  func jobs(_ filter: JobFilter) async throws -> [JobReport]
  /// Returns the events of a job, oldest first.
  /// - Parameter logs: whether to include the lines that its steps logged.
  /// - Throws: `JOB_NOT_FOUND`.
  func events(of id: JobID, logs: Bool) async throws -> [JobEvent]
  /// Cancels a queued or waiting job at once, and asks a running one to stop.
  func cancel(_ id: JobID, actor: String) async throws -> JobState
  /// Makes a queued job due now.
  /// - Throws: `JOB_NOT_QUEUED`.
  func retry(_ id: JobID, actor: String) async throws -> JobState
  /// Applies an action to all jobs that a filter selects, in short transactions. If it is stopped, finished work stays
  /// done, and the same call again does the rest. Each ``JobAction`` documents which states it takes where the filter
  /// names none.
  /// - Parameter dryRun: makes the same decisions, but changes nothing.
  func act(_ action: JobAction, on filter: JobFilter, dryRun: Bool, actor: String) async throws -> BulkReport
  /// Returns the states of many jobs at once, for callers that wait for them. Jobs that no longer exist are missing.
  func progress(of jobs: [JobID]) async throws -> [JobProgress]

  /// Returns dead letters, the most recent first. Here ``JobFilter/ids`` are the ids of dead letters.
  func dead(_ filter: JobFilter) async throws -> [DeadLetter]
  /// Returns the full id of a dead letter for a unique prefix of at least four characters.
  /// - Throws: `DEAD_NOT_FOUND`, `JOB_AMBIGUOUS`.
  func resolveDead(_ text: String) async throws -> JobID
  /// Returns a dead letter with everything that is kept about it.
  /// - Throws: `DEAD_NOT_FOUND`.
  func wholeDead(_ id: JobID) async throws -> DeadRecord
  /// Returns the contents on which processes died, the most recent death first.
  func quarantine() async throws -> [QuarantinedContent]
  /// Forgets the deaths on a content, so that it is tried again.
  /// - Returns: whether any deaths were recorded.
  func liftQuarantine(_ content: ContentHash, actor: String) async throws -> Bool

  func status() async throws -> StatusReport
  /// Returns the workers of ``status()`` only.
  func workers() async throws -> [StatusReport.Worker]
}

/// A selection of jobs; nil fields select all.
package struct JobFilter: Sendable {
  package var ids: [JobID]?
  package var source: String?
  package var index: String?
  package var state: JobState?
  package var code: String?
  /// The step in which the error happened.
  package var step: String?
  /// The kind of dead letter; nil for both.
  package var kind: DeadLetter.Kind?
  package var workflow: String?
  /// The reason of a queued job, as in ``JobReport/reason``.
  package var reason: QueuedReason?
  /// Entries that the document's metadata must contain.
  package var meta: [String: String]
  package var since: Timestamp?
  /// Only jobs that were made, or have ended, before this time.
  package var until: Timestamp?
  /// The largest number of results, newest first.
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

/// A job, as front doors show it; the fields of DESIGN §5.
package struct JobReport: Sendable {
  /// The checkpoint of a step whose condition did not hold.
  package static let skippedResult = "{\"skipped\":true}"

  package struct Step: Sendable {
    package enum State: String, Sendable {
      case pending, running, waiting, completed, failed
      /// Its condition did not hold.
      case skipped
    }
    package var id: String
    package var state: State
    /// Attempts that ended in a checkpoint or counted towards the retry policy's limit.
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
  /// Nil, as is ``generation``, for a job that belongs to no index.
  package var index: String?
  package var generation: Int?
  package var document: String?
  package var revision: Int?
  package var uri: String?
  package var state: JobState
  package var degraded: Bool
  /// Set for a queued or cancelled job.
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
  /// Set for a waiting job.
  package var waitsFor: JobWait?
  /// Set for a job that made child jobs.
  package var children: ChildrenSummary?
  /// For a child: its parent job, unless that is gone, and its position among the children.
  package var parent: String?
  package var child: Int?
  /// The finished job that this replay repeats.
  package var replayOf: String?
  /// The last 50 events, oldest first; only for a job that is shown by itself.
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

/// The progress of one job, for callers that wait.
package struct JobProgress: Sendable {
  package var job: JobID
  package var state: JobState
  package var step: String?
  package var progress: StepProgress?
  /// Pages and chunks that the results of its finished steps report; 0 where none does.
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

/// The state of the whole queue.
package struct StatusReport: Sendable {
  package struct Source: Codable, Hashable, Sendable {
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

  /// The queued jobs that are not running for one reason.
  package struct Reason: Codable, Hashable, Sendable {
    package var reason: QueuedReason
    package var count: Int
    /// When the first of these jobs continues.
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
  /// ``queued`` split by reason, without the reasons that no job has.
  package var queuedReasons: [Reason]
  /// At most 50 sources, the busiest first.
  package var sources: [Source]
  package var sourcesTotal: Int
  /// The breakers of the dependencies that steps call; at most 50.
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
