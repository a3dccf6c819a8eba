import IngestAPI
import IngestOperations

/// `ingestd job wait`.
package enum JobWaitCommand: Command {
  package static let timeout = Parameter(
    option: "--timeout", type: .duration("TIME"), summary: "Wait at most this long, such as 5m. Default: no limit.")

  package static let spec = CommandSpec(
    "job wait", "Wait until jobs have ended", section: .work,
    parameters: [SharedParameters.jobs.spec, timeout.spec],
    examples: [.init("ingestd job wait 01KAEZ7 --timeout 5m", "Until it has ended, at most five minutes.")],
    exits: [
      .init(1, "a job died, was cancelled or was purged"), .init(3, "no job has this id"),
      .init(75, "the timeout passed, or no worker is running"),
    ])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      let jobs = try await operations.jobIDs(context[SharedParameters.jobs])
      let ends = try await JobFollower(operations: operations, console: context.console)
        .follow(jobs, timeout: context[timeout])
      if context.console.isJSON {
        for report in try await operations.jobs(of: jobs) { try context.console.json(JobResponse(report)) }
      }
      if ends.completed < jobs.count { throw ExitStatus.failed }
    }
  }
}
