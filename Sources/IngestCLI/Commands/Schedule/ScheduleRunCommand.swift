import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd schedule run`.
package enum ScheduleRunCommand: Command {
  package static let wait = Parameter(flag: "--wait", summary: "Follow the job until it has ended.")

  package static let spec = CommandSpec(
    "schedule run", "Start a run of a schedule now, even if it is paused", section: .work,
    details: ["Its ticks do not move. Its overlap policy applies to this run too."],
    parameters: [SharedParameters.schedule.spec, wait.spec],
    examples: [.init("ingestd schedule run nightly --wait", "Once, now; wait until it has ended.")],
    exits: [
      .init(1, "with --wait, the job did not complete"), .init(3, "the schedule does not exist"),
      .init(4, "a run is under way, and the overlap policy is `skip`"),
      .init(75, "with --wait, no worker is running; the job stays queued"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.schedule]
    try await context.withOperations { operations in
      let run = try await operations.runSchedule(name)
      try context.console.json(ScheduleStartResponse(schedule: name, run))
      switch run {
      case .queued: try context.console.line("a run of \(name) starts when the one under way has ended")
      case .started(let job):
        try context.console.line("job \(job)")
        guard context[wait] else { return }
        let ends = try await JobFollower(operations: operations, console: context.console).follow([job])
        if ends.completed < 1 { throw ExitStatus.failed }
      }
    }
  }
}
