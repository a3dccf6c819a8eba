import IngestAPI
import IngestOperations

/// `ingestd job logs`.
package enum JobLogsCommand: Command {
  package static let follow = Parameter(
    flag: "--follow", "-f", summary: "Print later events as they happen, until the job has ended.")

  package static let spec = CommandSpec(
    "job logs", "Show a job's events and what its steps logged", section: .work,
    parameters: [SharedParameters.job.spec, follow.spec],
    examples: [
      .init("ingestd job logs 01KAEZ7", "From its submit to now."),
      .init("ingestd job logs 01KAEZ7 --follow --json", "One object a line, as it happens."),
    ],
    exits: [.init(3, "no job has this id")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      for try await batch in try await operations.events(ofJob: context[SharedParameters.job], follow: context[follow])
      {
        switch batch {
        case .events(let events):
          for event in events {
            try context.console.json(JobEventResponse(event))
            if !context.console.isJSON { try context.console.line(JobEventLine.text(event)) }
          }
          try context.console.flush()
        case .gone: context.console.note("the job was purged or pruned")
        }
      }
    }
  }
}
