import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd job list`.
package enum JobListCommand: Command {
  package static let spec = CommandSpec(
    "job list", "List jobs, newest first", section: .work,
    details: ["--since and --until compare when a job ended or, if it has not ended, when it was created."],
    parameters: JobSelection.filters + [SharedParameters.limit.spec],
    examples: [
      .init("ingestd job list --state running", "The jobs that run now."),
      .init("ingestd job list --reason throttled", "The jobs that wait for a limit."),
      .init("ingestd job list --source handbook --since 1h --json", "One source's last hour, one object a line."),
    ])

  package static func run(_ context: CommandContext) async throws {
    let jobs = try await context.withOperations {
      try await $0.jobs(JobSelection.filter(context), limit: context[SharedParameters.limit])
    }
    for job in jobs { try context.console.json(JobResponse(job)) }
    if jobs.isEmpty { return context.console.note("no jobs match") }
    var table = Table([
      .init("JOB"), .init("STATE"), .init("REASON"), .init("AGE"), .init("NEXT"),
      .init("DOCUMENT", yields: 1, minimum: 12, keepsEnd: true),
    ])
    let now = context.clock.now
    for job in jobs {
      table.add([
        Table.Cell(job.job), Table.Cell(job.state.rawValue, job.state.style), Table.Cell(job.reason ?? ""),
        Table.Cell(RelativeTime.text(job.createdAt, now: now).replacing(" ago", with: "")),
        Table.Cell(job.nextAt.map { RelativeTime.text($0, now: now) } ?? ""),
        Table.Cell(job.uri ?? (job.workflow + (job.place.map { " \($0)" } ?? ""))),
      ])
    }
    try context.console.table(table)
  }
}
