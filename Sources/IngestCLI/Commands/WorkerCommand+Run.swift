import IngestApp

extension WorkerCommand {
  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      let format = installation.logFormat
      let worker = try await installation.startWorker(
        WorkerRequest(
          concurrency: context[concurrency], sources: context[sources], indexes: context[indexes],
          drains: context[drain]),
        as: context.actor
      ) { entry in
        context.console.note(WorkerLogLine.text(entry, in: format))
      }
      defer { if let summary = worker.summary { context.console.note(WorkerLogLine.text(summary, in: format)) } }
      try await run(worker)
    }
  }

  /// Runs the worker until it ends. The first signal stops it; a second one ends the process.
  private static func run(_ worker: StartedWorker) async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await worker.run()
        return true
      }
      group.addTask {
        for await _ in TerminationSignals.stream() { worker.stop() }
        return false
      }
      defer { group.cancelAll() }
      while let isOver = try await group.next(), !isOver {}
    }
  }
}
