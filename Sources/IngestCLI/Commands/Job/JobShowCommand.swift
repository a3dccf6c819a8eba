import IngestAPI
import IngestApp
import IngestCore
import IngestOperations

/// `ingestd job show`.
package enum JobShowCommand: Command {
  package static let spec = CommandSpec(
    "job show", "Show a job, its steps, and why it does not run now", section: .work,
    parameters: [SharedParameters.job.spec],
    examples: [.init("ingestd job show 01KAEZ7", "By the beginning of its id.")],
    exits: [.init(3, "no job has this id")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      let (report, obstacle) = try await installation.operations(as: context.actor).job(context[SharedParameters.job])
      var job = report
      if let obstacle { job.explanation = words(obstacle, folder: installation.layout.folder) }
      try context.console.json(JobResponse(job))
      try JobSheet(job: job, now: context.clock.now).print(context.console)
    }
  }

  private static func words(_ obstacle: JobObstacle, folder: String) -> Hint {
    switch obstacle {
    case .workerDied:
      "Its worker died. Another worker will continue it, at the latest when its lease ends."
    case .noWorker: "No worker is running: start one with \(Action(.worker, with: ["data": folder]))."
    }
  }
}
