import IngestAPI
package import IngestCore
import IngestOperations

/// `ingestd dead redrive`.
package enum DeadRedriveCommand: Command {
  package static let throttle = Parameter(
    option: "--throttle", type: .pace("RATE"),
    summary: "Start them at this rate, counted from now: 10/m, '100/h burst 5'. All at once by default.")
  package static let fromStart = Parameter(
    flag: "--from-start", summary: "Start from the first step, not from the one that failed.")
  package static let latest = Parameter(
    flag: "--latest",
    summary: "Use the newest version of the workflow. Results are kept up to the first step that differs.")

  package static let spec = CommandSpec(
    "dead redrive", "Redrive dead letters, so that they continue from the failed step", section: .work,
    details: [
      "Finished steps do not run again, and all attempts stay in the job's history. A job whose document has a newer "
        + "revision ends cancelled. The quarantine of the content is lifted.",
      "A lost chunk is redriven with its document: as a new job, from the step that lost it.",
    ],
    parameters: DeadSelection.parameters + [throttle.spec, fromStart.spec, latest.spec],
    examples: [
      .init("ingestd dead redrive 01KAEZ7", "One letter."),
      .init("ingestd dead redrive --code EMBEDDER_UNREACHABLE --throttle 10/m", "All of one error, slowly."),
      .init(
        "ingestd dead redrive --all --latest --dry-run", "Show what a new version of the workflow would run again."),
    ],
    exits: [.init(3, "no dead letter has this id"), .init(4, "a letter that was named cannot be redriven")])

  package static func run(_ context: CommandContext) async throws {
    let query = DeadSelection.query(context)
    let report = try await context.withOperations {
      try await $0.redrive(
        query, rate: context[throttle], fromStart: context[fromStart], latest: context[latest],
        dryRun: context[JobSelection.dryRun])
    }
    try context.console.json(BulkResponse.redrive(report))
    let summary = BulkSummary(report: report, now: context.clock.now)
    let from = context[fromStart] ? "first step" : "step that failed"
    let count = report.count(.redriven)
    let sentence =
      report.isDryRun ? "would continue from the \(from)" : "\(count == 1 ? "continues" : "continue") from the \(from)"
    try summary.print(context.console, [.redriven: sentence])
    try summary.conclude(named: !query.ids.isEmpty)
  }
}
