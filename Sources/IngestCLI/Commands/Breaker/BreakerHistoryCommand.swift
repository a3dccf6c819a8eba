import IngestCore
import IngestStore

/// `ingestd breaker history`.
package enum BreakerHistoryCommand: Command {
  package static let breaker = Parameter(optionalArgument: .text("BREAKER"), summary: "Only this breaker.")

  package static let spec = CommandSpec(
    "breaker history", "Show when breakers opened and closed, and why", group: .work,
    parameters: [breaker.spec, SharedParameters.since.spec, SharedParameters.limit.spec],
    examples: [.init("ingestd breaker history --since 1d", "Since yesterday, newest first.")],
    exits: [.init(3, "there is no such breaker")])

  package static func run(_ context: CommandContext) async throws {
    try await Installation.with(context) { installation in
      let filter = BreakerHistoryFilter(
        breaker: context[breaker], since: context[SharedParameters.since]?.timestamp(now: context.clock.now),
        limit: context[SharedParameters.limit])
      let events = try await installation.store.breakerHistory(filter)
      for event in events { try context.console.json(event) }
      if events.isEmpty { return context.console.note("no breaker has opened") }
      var table = Table([
        .init("TIME"), .init("BREAKER", yields: 1, minimum: 16), .init("FROM"), .init("TO"), .init("WHO"),
        .init("CAUSE", yields: 2),
      ])
      for event in events {
        table.add([
          Table.Cell(event.at.description), Table.Cell(event.breaker), Table.Cell(event.from.rawValue),
          Table.Cell(event.to.rawValue, event.to.style), Table.Cell(event.actor), Table.Cell(event.cause),
        ])
      }
      try context.console.table(table)
    }
  }
}
