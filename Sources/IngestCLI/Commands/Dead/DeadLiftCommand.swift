import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd dead lift`.
package enum DeadLiftCommand: Command {
  package static let contents = Parameter(
    arguments: .text("CONTENT"), summary: "Content hashes, or unique beginnings of at least 6 characters.")

  package static let spec = CommandSpec(
    "dead lift", "Lift the quarantine of contents, so that jobs try them again", section: .work,
    details: ["`ingestd dead redrive` lifts it too. This command is for contents without a dead letter."],
    parameters: [contents.spec],
    examples: [.init("ingestd dead lift 9f86d081884c", "By a hash from `ingestd dead quarantine`.")],
    exits: [.init(3, "no process has died on this content")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      let known = try await operations.quarantine()
      for text in context[contents] {
        let (content, lifted) = try await operations.liftQuarantine(text, among: known)
        try context.console.json(QuarantineLiftResponse(content: content, lifted: lifted))
        try context.console.line("content \(content.rawValue.prefix(12)) may run again")
      }
    }
  }
}
