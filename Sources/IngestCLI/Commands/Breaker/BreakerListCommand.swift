import IngestCore
import IngestOperations

/// `ingestd breaker list`.
package enum BreakerListCommand: Command {
  package static let spec = CommandSpec(
    "breaker list", "List the circuit breakers, their states and when each lets calls through", section: .work,
    details: [
      "Each dependency, such as an embedding provider, has one breaker from its first call on. All workers share it. "
        + "FAILED shows the failed calls and all calls of a closed breaker's window: 2/40.",
      "The state `held` means that the dependency asked its callers to wait, as with `Retry-After`. That is no failure.",
    ],
    examples: [
      .init("ingestd breaker list", "All breakers."),
      .init("ingestd breaker list --json", "One JSON object a line."),
    ])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      let breakers = try await operations.listBreakers()
      for breaker in breakers { try context.console.json(breaker) }
      if breakers.isEmpty {
        return context.console.note("no breakers yet: the first call of a dependency creates its breaker")
      }
      try context.console.breakers(breakers, now: context.clock.now)
    }
  }
}
