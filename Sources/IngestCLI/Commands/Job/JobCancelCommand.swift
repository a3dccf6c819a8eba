import IngestApp
import IngestCore
import IngestOperations
import IngestStore

/// `ingestd job cancel`.
package enum JobCancelCommand: Command {
  package static let spec = CommandSpec(
    "job cancel", "Cancel jobs; running ones stop at the next safe point", group: .work,
    parameters: JobSelection.bulk,
    examples: [
      .init("ingestd job cancel 01KAEZ7", "One job."),
      .init("ingestd job cancel --source trial --dry-run", "What would become of a source's open jobs."),
    ],
    exits: [.init(3, "no job has this id"), .init(4, "the job has ended already")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      if !context[JobSelection.ids].isEmpty, !context[JobSelection.dryRun] {
        _ = try await JobSelection.selected(context, installation, resolve: false)
        return try await EachJob.run(context, installation) { job in
          let report = try await installation.operations(as: context.actor).jobs.act(
            .cancel, on: JobFilter(ids: [job]), dryRun: false, actor: context.actor.description)
          if let refusal = report.lines.first?.refusal { throw refusal }
          return report.count(.stopping) > 0
            ? (.running, "runs and was asked to stop at the next safe point") : (.cancelled, "was cancelled")
        }
      }
      let filter = try await JobSelection.selected(context, installation)
      let report = try await installation.operations(as: context.actor).jobs.act(
        .cancel, on: filter, dryRun: context[JobSelection.dryRun], actor: context.actor.description)
      try context.console.json(BulkSummary.Line(report))
      let summary = BulkSummary(report: report, now: context.clock.now)
      try summary.print(context.console)
      try summary.conclude(named: filter.ids != nil)
    }
  }
}
