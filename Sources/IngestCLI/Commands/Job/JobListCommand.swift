package import IngestCore
import IngestStore

/// `ingestd job list`.
package enum JobListCommand: Command {
  package static let state = Parameter(
    option: "--state", type: ValueType<JobState>.choice("STATE"), summary: "Only jobs in this state.")

  package static let spec = CommandSpec(
    "job list", "List jobs, newest first", group: .work,
    parameters: [
      SharedParameters.onlySource.spec, SharedParameters.onlyIndex.spec, state.spec, SharedParameters.since.spec,
      SharedParameters.limit.spec,
    ],
    examples: [
      .init("ingestd job list --state running", "What is being done."),
      .init("ingestd job list --source handbook --since 1h --json", "One source's last hour, one object a line."),
    ])

  package static func run(_ context: CommandContext) async throws {
    try await Installation.with(context) { installation in
      let index = context[SharedParameters.onlyIndex]
      if let index { _ = try await installation.store.list(index) }
      let jobs = try await installation.store.jobs(
        JobFilter(
          source: context[SharedParameters.onlySource], index: index, state: context[state],
          since: context[SharedParameters.since]?.timestamp(now: context.clock.now),
          limit: context[SharedParameters.limit]))
      for job in jobs { try context.console.json(job) }
      if jobs.isEmpty { return context.console.note("no such jobs") }
      var table = Table([
        .init("JOB"), .init("STATE"), .init("REASON"), .init("AGE"),
        .init("DOCUMENT", yields: 1, minimum: 12, keepsEnd: true),
      ])
      for job in jobs {
        table.add([
          Table.Cell(job.job), Table.Cell(job.state.rawValue, job.state.style), Table.Cell(job.reason ?? ""),
          Table.Cell(RelativeTime.text(job.createdAt, now: context.clock.now)),
          Table.Cell(job.uri ?? "\(job.workflow) \(job.index), generation \(job.generation)"),
        ])
      }
      try context.console.table(table)
    }
  }
}
