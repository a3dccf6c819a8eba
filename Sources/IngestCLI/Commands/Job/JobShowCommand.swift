import IngestApp
import IngestCore
import IngestStore

/// `ingestd job show`.
package enum JobShowCommand: Command {
  package static let spec = CommandSpec(
    "job show", "Show a job, its steps, and why it is not running now", group: .work,
    parameters: [SharedParameters.job.spec],
    examples: [.init("ingestd job show 01KAEZ7", "By the beginning of its id.")],
    exits: [.init(3, "no job has this id")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      let id = try await installation.store.resolveJob(context[SharedParameters.job])
      let job = try await installation.explained(try await installation.store.job(id))
      try context.console.json(job)
      try JobSheet(job: job, now: context.clock.now).print(context.console)
    }
  }
}
