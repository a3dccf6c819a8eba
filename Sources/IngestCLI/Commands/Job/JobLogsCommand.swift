import IngestApp
import IngestCore
import IngestStore

/// `ingestd job logs`.
package enum JobLogsCommand: Command {
  package static let follow = Parameter(
    flag: "--follow", "-f", summary: "Go on with what happens next, until the job has ended.")

  package static let spec = CommandSpec(
    "job logs", "Show what happened to a job, and what its steps wrote", group: .work,
    parameters: [SharedParameters.job.spec, follow.spec],
    examples: [
      .init("ingestd job logs 01KAEZ7", "From its submit to now."),
      .init("ingestd job logs 01KAEZ7 --follow --json", "One object a line, as it happens."),
    ],
    exits: [.init(3, "no job has this id")])

  /// Between two looks. Other processes run the job, and a person reads the lines.
  private static let interval: Duration = .milliseconds(200)

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      let job = try await installation.store.resolveJob(context[SharedParameters.job])
      var told: Set<String> = []
      while true {
        // Before the look, so that nothing of an ended job is missed.
        let state = try await installation.store.progress(of: [job]).first?.state
        let events: [JobEvent]
        do {
          events = try await installation.store.events(of: job, logs: true)
        } catch let failure as Failure where failure.reason == .jobNotFound && !told.isEmpty {
          return context.console.note("the job was purged or pruned")
        }
        for event in events where told.insert(event.id).inserted {
          try context.console.json(event)
          if !context.console.isJSON { try context.console.line(JobEventLine.text(event)) }
        }
        try context.console.flush()
        guard context[follow], state?.isEnd == false else { return }
        try await context.clock.sleep(for: interval)
      }
    }
  }
}
