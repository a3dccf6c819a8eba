import IngestCore
import IngestOperations

/// `ingestd breaker history`.
package enum BreakerHistoryCommand: Command {
  package static let breaker = Parameter(optionalArgument: .text("BREAKER"), summary: "Only this breaker.")

  package static let spec = CommandSpec(
    "breaker history", "Show when breakers opened and closed, and why", section: .work,
    parameters: [breaker.spec, SharedParameters.since.spec, SharedParameters.limit.spec],
    examples: [.init("ingestd breaker history --since 1d", "Since yesterday, newest first.")],
    exits: [.init(3, "the breaker does not exist")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      let filter = BreakerHistoryFilter(
        breaker: context[breaker], since: context[SharedParameters.since]?.timestamp(now: context.clock.now),
        limit: context[SharedParameters.limit])
      let events = try await operations.breakerHistory(filter)
      for event in events {
        try context.console.json(event)
        // Lines instead of a table: the cause matters most, and it is long.
        try context.console.line(
          "\(event.at)  \(event.breaker.visible)  \(event.from.rawValue) to \(event.to.rawValue)")
        try context.console.line("  \(event.cause.visible), by \(event.actor.visible)")
      }
      if events.isEmpty { context.console.note("no breaker has opened") }
    }
  }
}
