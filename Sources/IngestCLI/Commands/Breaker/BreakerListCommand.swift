import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd breaker list`.
package enum BreakerListCommand: Command {
  package static let spec = CommandSpec(
    "breaker list", "List the breakers, their state and when they let calls through again", section: .work,
    details: [
      "There is one for each dependency that was ever called, shared by all workers. FAILED counts the calls of its window.",
      "`held` means that the other side asked to be left alone for a while, which is no failure.",
    ],
    examples: [
      .init("ingestd breaker list", "All of them."),
      .init("ingestd breaker list --json", "One JSON object a line."),
    ])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      let breakers = try await operations.listBreakers()
      for breaker in breakers { try context.console.json(BreakerResponse(breaker)) }
      if breakers.isEmpty {
        return context.console.note("no breakers: one is there once its dependency has been called")
      }
      try context.console.breakers(breakers, now: context.clock.now)
    }
  }
}
