import IngestApp
import IngestConfig
import IngestCore
import IngestEngine
import IngestProcess

extension WorkerCommand {
  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      try await installation.takeOverFlow(as: context.actor)
      try await installation.takeOverSchedules(as: context.actor)
      let configured = installation.configuration.worker
      let options = WorkerOptions(
        concurrency: context[concurrency] ?? configured.concurrency,
        scope: WorkScope(sources: context[sources], indexes: context[indexes]),
        lease: configured.lease, heartbeat: configured.heartbeat, grace: configured.shutdownGrace,
        drains: context[drain], maintenanceInterval: installation.configuration.retention.interval)
      let log = WorkerLog(installation.configuration.log, clock: installation.clock)
      let (worker, presence) = try installation.worker(options) { event in
        if let line = log.line(event) { context.console.note(line) }
      }
      defer { presence.release() }
      let end = try await run(worker)
      if let line = log.summary { context.console.note(line) }
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

  private static func remaining(_ count: Int) -> String {
    count == 1 ? "1 job remains that needs" : "\(DecimalText.grouped(count)) jobs remain that need"
  }

  private static func stuck(_ outlook: QueueOutlook) -> Failure {
    Failure(
      .exhausted, code: "DRAIN_STUCK",
      "\(remaining(outlook.stuck + outlook.waiting)) a person, a resume or quota.",
      hint:
        "`ingestd source list` shows what is paused, `ingestd job list --state queued` and `--state waiting` what is left, and "
        + "`ingestd job show JOB` why; then drain again.",
      category: .later)
  }
}
