import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd index build`.
package enum IndexBuildCommand: Command {
  package static let wait = Parameter(flag: "--wait", summary: "Follow the build until it has ended.")
  package static let force = Parameter(
    flag: "--force", summary: "Build even if a generation has these settings already.")

  package static let spec = CommandSpec(
    "index build", "Build a new generation beside the live one", section: .indexes,
    details: [
      "Jobs fill it from the kept documents, one job each. Meanwhile searches use the live generation, and submits go to "
        + "both. Settings that you do not give are taken from the live generation."
    ],
    parameters: [SharedParameters.indexName.spec] + BuildSettings.parameters + [force.spec, wait.spec],
    examples: [.init("ingestd index build docs --embedder minilm --wait", "Try another embedder.")],
    exits: [
      .init(1, "with --wait, the build did not complete"), .init(3, "the index or embedder does not exist"),
      .init(4, "the live generation or one being built has these settings, and --force was not given"),
      .init(75, "with --wait, no worker is running; the build stays queued"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    try await context.withOperations { operations in
      let (generation, job) = try await operations.build(
        name, BuildSettings.wishes(context), force: context[force])
      try context.console.json(IndexBuildResponse(generation, job: job))
      try context.console.line("generation \(generation.number) of \(name) is building (job \(job))")
      guard context[wait] else {
        return context.console.note(
          "`ingestd index show \(name)` shows its progress; `ingestd index swap \(name)` makes it live")
      }
      let ends = try await JobFollower(operations: operations, console: context.console).follow([job])
      if ends.completed == 0 { throw ExitStatus.failed }
    }
  }
}
