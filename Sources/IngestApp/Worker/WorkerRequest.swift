import IngestConfig
package import IngestCore
import IngestEngine
import IngestOperations

/// The options of a new worker; nil takes the configured value.
package struct WorkerRequest: Sendable {
  /// Jobs at once.
  package var concurrency: Int?
  /// Empty means all.
  package var sources: [String]
  /// Empty means all.
  package var indexes: [String]
  /// Whether the worker ends when no job is left, now or later.
  package var drains: Bool

  package init(concurrency: Int? = nil, sources: [String] = [], indexes: [String] = [], drains: Bool = false) {
    self.concurrency = concurrency
    self.sources = sources
    self.indexes = indexes
    self.drains = drains
  }
}

/// A worker of this process, ready to run. Other processes see it as alive until ``run()`` returns.
package struct StartedWorker: Sendable {
  let worker: Worker
  let presence: any WorkerPresence
  let log: WorkerLog

  /// How many jobs ended while the worker ran; nil if none did, or if the configured level leaves it out.
  package var summary: WorkerLogEntry? { log.summary }

  /// Runs until the worker is stopped or, when draining, until no job is left.
  /// - Throws: `DRAIN_STUCK` if only jobs are left that need a person, a resume or quota.
  package func run() async throws {
    defer { presence.release() }
    if case .stuck(let outlook) = try await worker.run() { throw Self.stuck(outlook) }
  }

  /// Stops claiming and lets running steps finish. Safe to call from anywhere, more than once.
  package func stop() { worker.stop() }

  private static func stuck(_ outlook: QueueOutlook) -> Failure {
    let count = outlook.stuck + outlook.waiting
    let remaining = count == 1 ? "1 job remains that needs" : "\(DecimalText.grouped(count)) jobs remain that need"
    return Failure(
      .exhausted, code: "DRAIN_STUCK", "\(remaining) a person, a resume or quota.",
      hint: "\(Action(.sourceList)) shows what is paused, \(Action(.jobList, with: ["state": "queued"])) and "
        + "\(Action(.jobList, with: ["state": "waiting"])) what is left, and \(Action(.jobShow, "JOB")) why; then drain again.",
      category: .later)
  }
}

extension Installation {
  /// Prepares a worker: applies the configured limits and schedules, and announces the worker to other processes.
  /// - Parameter log: called with each entry of the worker's log, from the configured level on.
  package func startWorker(
    _ request: WorkerRequest, as actor: Actor, log report: @escaping @Sendable (WorkerLogEntry) -> Void
  ) async throws -> StartedWorker {
    let operations = operations(as: actor)
    try await operations.takeOverFlow()
    try await operations.takeOverSchedules()
    let configured = configuration.worker
    let log = WorkerLog(configuration.log.level, clock: clock)
    let (worker, presence) = try worker(
      WorkerOptions(
        concurrency: request.concurrency ?? configured.concurrency,
        scope: WorkScope(sources: request.sources, indexes: request.indexes), lease: configured.lease,
        heartbeat: configured.heartbeat, grace: configured.shutdownGrace, drains: request.drains,
        maintenanceInterval: configuration.retention.interval)
    ) { event in
      if let entry = log.entry(event) { report(entry) }
    }
    return StartedWorker(worker: worker, presence: presence, log: log)
  }

  /// How a worker's log is written.
  package var logFormat: LogFormat {
    switch configuration.log.format {
    case .text: .text
    case .json: .json
    }
  }
}
