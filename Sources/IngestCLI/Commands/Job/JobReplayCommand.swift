import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd job replay`.
package enum JobReplayCommand: Command {
  package static let from = Parameter(
    option: "--from", type: .text("STEP"),
    summary: "Begin with this step; the results of those before it are inherited. The first step if not given.")
  package static let latest = Parameter(
    flag: "--latest",
    summary: "Use the newest version of the workflow; results are inherited as far as the steps are the same.")

  package static let spec = CommandSpec(
    "job replay", "Run finished jobs again, from a step, as new jobs", section: .work,
    details: [
      "Without ids and --state these are the completed jobs. A job of a revision that is not wanted any more is refused.",
      "What a finished job had made is kept for an hour at least; past that only a replay from the first step may be left.",
    ],
    parameters: JobSelection.bulk + [from.spec, latest.spec],
    examples: [
      .init("ingestd job replay 01KAEZ7 --from embed", "One job, its parsed text and chunks inherited."),
      .init("ingestd job replay --source handbook --since 1d --latest --dry-run", "What a new version would run."),
    ],
    exits: [.init(3, "no job has this id, or no step this name"), .init(4, "the job cannot be replayed")])

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
