import IngestCore
import IngestOperations

/// `ingestd index rollback`.
package enum IndexRollbackCommand: Command {
  package static let force = Parameter(flag: "--force", summary: "Roll back even if that generation is behind.")

  package static let spec = CommandSpec(
    "index rollback", "Make the previous generation live again", section: .indexes,
    parameters: [SharedParameters.indexName.spec, force.spec],
    examples: [.init("ingestd index rollback docs", "Undo the last swap.")],
    exits: [
      .init(3, "the index does not exist"),
      .init(4, "there is no previous generation, or it is behind and --force was not given"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    let report = try await context.withOperations { try await $0.rollback(name, force: context[force]) }
    try context.console.json(report)
    try context.console.line("generation \(report.live) of \(name) is live again; \(report.previous) is retired")
  }
}
