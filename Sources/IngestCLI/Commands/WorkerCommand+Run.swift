import IngestConfig
import IngestCore
import IngestEngine
import IngestProcess

extension WorkerCommand {
  package static func run(_ context: CommandContext) async throws {
    try await Installation.with(context) { installation in
      let configured = installation.configuration.worker
      let options = WorkerOptions(
        concurrency: context[concurrency] ?? configured.concurrency,
        scope: WorkScope(sources: context[sources], indexes: context[indexes]),
        lease: configured.lease, heartbeat: configured.heartbeat, grace: configured.shutdownGrace,
        drains: context[drain])
      let (worker, lock) = try installation.worker(options) { event in
        if let line = WorkerLog.line(event) { context.console.note(line) }
      }
      defer { lock.remove() }
      let end = try await run(worker)
      if case .stuck(let outlook) = end { throw stuck(outlook) }
    }
  }

  /// Runs the worker until it ends; the first signal asks it to, a second one ends the process.
  private static func run(_ worker: Worker) async throws -> WorkerEnd {
    try await withThrowingTaskGroup(of: WorkerEnd?.self) { group in
      group.addTask { try await worker.run() }
      group.addTask {
        for await _ in TerminationSignals.stream() { worker.stop() }
        return nil
      }
      defer { group.cancelAll() }
      while let end = try await group.next() {
        if let end { return end }
      }
      return .stopped
    }
  }

  private static func stuck(_ outlook: QueueOutlook) -> Failure {
    Failure(
      .exhausted, code: "DRAIN_STUCK",
      "\(outlook.stuck + outlook.waiting) jobs remain that need a person, a resume or quota.",
      hint: "`ingestd job list --state queued` shows them and `ingestd job show JOB` why; then drain again.",
      category: .later)
  }
}

/// What a worker says on standard error.
enum WorkerLog {
  /// One line, or nil for what is not worth one.
  static func line(_ event: WorkerEvent) -> String? {
    switch event {
    case .started(let id): "worker \(id) started"
    case .claimed: nil
    case .storeFailed(let failure): "the store failed, trying again: \(failure.code): \(failure.message)"
    case .stepLeftBehind(let job, let step):
      "job \(job): step '\(step)' did not stop when told to; the job goes on without it"
    case .outcomeLost(let job, let failure):
      "job \(job): its end could not be stored (\(failure.code)); it is tried again when its lease ends"
    case .leaseLost(let job): "job \(job): another worker has it now"
    case .peerDied(let id, let jobs): "worker \(id) died; \(jobs) of its jobs went back to the queue"
    case .maintenanceFailed(let failure): "housekeeping failed: \(failure.code): \(failure.message)"
    }
  }
}
