import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd index rollback`.
package enum IndexRollbackCommand: Command {
  package static let force = Parameter(flag: "--force", summary: "Even when the generation before is behind.")

  package static let spec = CommandSpec(
    "index rollback", "Let readers move back to the generation before", section: .indexes,
    parameters: [SharedParameters.indexName.spec, force.spec],
    examples: [.init("ingestd index rollback docs", "Undo the last swap.")],
    exits: [
      .init(3, "the index does not exist, or there is none to go back to"),
      .init(4, "it is behind, and --force was not given"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    let report = try await context.withOperations { try await $0.rollback(name, force: context[force]) }
    try context.console.json(SwapResponse(report))
    try context.console.line("generation \(report.live) of \(name) is live again; \(report.previous) is retired")
  }
}
