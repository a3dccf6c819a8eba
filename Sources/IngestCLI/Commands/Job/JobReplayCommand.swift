import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd job replay`.
package enum JobReplayCommand: Command {
  package static let from = Parameter(
    option: "--from", type: .text("STEP"),
    summary: "Start from this step and inherit the results of those before it. Default: the first step.")
  package static let latest = Parameter(
    flag: "--latest",
    summary: "Use the newest version of the workflow. Results are inherited up to the first step that differs.")

  package static let spec = CommandSpec(
    "job replay", "Run finished jobs again as new jobs, from any step", section: .work,
    details: [
      "Without ids and --state, the completed jobs are replayed. A job is refused if its document has a newer revision.",
      "A finished job's step results are kept for at least an hour. Later, a replay may have to start from the first step.",
    ],
    parameters: JobSelection.bulk + [from.spec, latest.spec],
    examples: [
      .init("ingestd job replay 01KAEZ7 --from embed", "One job; it inherits the parsed text and the chunks."),
      .init("ingestd job replay --source handbook --since 1d --latest --dry-run", "Show what a new version would run."),
    ],
    exits: [.init(3, "no job has this id, or no step has this name"), .init(4, "a named job cannot be replayed")])

  package static func run(_ context: CommandContext) async throws {
    let query = JobSelection.query(context)
    let report = try await context.withOperations {
      try await $0.replayJobs(
        query, from: context[from], latest: context[latest], dryRun: context[JobSelection.dryRun])
    }
    let summary = BulkSummary(report: report, now: context.clock.now)
    guard !query.ids.isEmpty, !report.isDryRun else {
      try context.console.json(BulkResponse(report))
      return try summary.print(context.console)
    }
    for line in report.lines {
      if let refusal = line.refusal { try context.console.report(refusal) }
      guard let job = line.replay else { continue }
      let kept = line.kept ?? []
      try context.console.json(ReplayResponse(job: job, replayOf: line.id, kept: kept))
      try context.console.line(
        "job \(job) replays \(line.id)"
          + (kept.isEmpty ? " from the first step" : "; it inherits \(kept.joined(separator: ", "))"))
    }
    try summary.conclude(named: true)
  }
}
