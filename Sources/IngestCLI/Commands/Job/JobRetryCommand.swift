import IngestApp
import IngestCore
import IngestOperations
import IngestStore

/// `ingestd job retry`.
package enum JobRetryCommand: Command {
  package static let spec = CommandSpec(
    "job retry", "Make queued jobs due now, whatever they wait for", group: .work,
    details: ["A limit or a pause that holds them still does. For a dead job use `ingestd dead redrive`."],
    parameters: JobSelection.bulk,
    examples: [
      .init("ingestd job retry 01KAEZ7", "Try at once in place of waiting out the backoff."),
      .init("ingestd job retry --reason exhausted", "All that waited for quota."),
    ],
    exits: [.init(3, "no job has this id"), .init(4, "the job is not queued")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      if !context[JobSelection.ids].isEmpty, !context[JobSelection.dryRun] {
        _ = try await JobSelection.selected(context, installation, resolve: false)
        return try await EachJob.run(context, installation) { job in
          let state = try await installation.operations(as: context.actor).jobs.retry(
            job, actor: context.actor.description)
          let report = try await installation.store.job(job)
          guard report.state == .queued, report.reason != QueuedReason.ready.rawValue, let why = report.explanation
          else { return (state, "is due now") }
          return (state, "is due now. \(why.commandLine)")
        }
      }
      let filter = try await JobSelection.selected(context, installation)
      let report = try await installation.operations(as: context.actor).jobs.act(
        .retry, on: filter, dryRun: context[JobSelection.dryRun], actor: context.actor.description)
      try context.console.json(BulkSummary.Line(report))
      let summary = BulkSummary(report: report, now: context.clock.now)
      try summary.print(context.console)
      try summary.conclude(named: filter.ids != nil)
    }
  }
}
