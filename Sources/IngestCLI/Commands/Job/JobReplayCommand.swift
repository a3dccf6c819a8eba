import IngestApp
import IngestConfig
import IngestCore
import IngestOperations
import IngestStore

/// `ingestd job replay`.
package enum JobReplayCommand: Command {
  package static let from = Parameter(
    option: "--from", type: .text("STEP"),
    summary: "Begin with this step; the results of those before it are inherited. The first step if not given.")
  package static let latest = Parameter(
    flag: "--latest",
    summary: "Use the newest version of the workflow; results are inherited as far as the steps are the same.")

  package static let spec = CommandSpec(
    "job replay", "Run finished jobs again, from a step, as new jobs", group: .work,
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
    try await context.withInstallation { installation in
      let filter = try await JobSelection.selected(context, installation)
      let options = ReplayOptions(
        from: context[from], latest: context[latest] ? context.newestWorkflows(installation) : nil)
      let report = try await installation.operations(as: context.actor).jobs.act(
        .replay(options), on: filter, dryRun: context[JobSelection.dryRun], actor: context.actor.description)
      let summary = BulkSummary(report: report, now: context.clock.now)
      guard filter.ids != nil, !report.isDryRun else {
        try context.console.json(BulkSummary.Line(report))
        return try summary.print(context.console)
      }
      for line in report.lines {
        if let refusal = line.refusal { try context.console.report(refusal) }
        guard let job = line.replay else { continue }
        let kept = line.kept ?? []
        try context.console.json(Replayed(job: job, replayOf: line.id, kept: kept))
        try context.console.line(
          "job \(job) replays \(line.id)"
            + (kept.isEmpty ? " from the first step" : "; it inherits \(kept.joined(separator: ", "))"))
      }
      try summary.conclude(named: true)
    }
  }

  /// What `--json` prints of each.
  private struct Replayed: Encodable {
    var job: String
    var replayOf: String
    var kept: [String]
  }
}

extension CommandContext {
  /// The newest version of every workflow that can be run, by name.
  func newestWorkflows(_ installation: Installation) -> [String: PinnedWorkflow] {
    let entries = installation.workflowLibrary.entries
    return Dictionary(entries.map { ($0.definition.name, $0.pinned) }) { first, _ in first }
  }
}
