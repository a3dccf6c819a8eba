import IngestCore
import IngestOperations

/// `ingestd breaker reset`.
package enum BreakerResetCommand: Command {
  package static let breakers = Parameter(
    arguments: .text("BREAKER"), required: false, summary: "Breakers, as `breaker list` names them.")
  package static let all = Parameter(flag: "--all", summary: "Every breaker that holds calls back, instead of names.")

  package static let spec = CommandSpec(
    "breaker reset", "Close breakers now and clear their counts", section: .work,
    details: ["The jobs that wait for them start again, one after another."],
    parameters: [breakers.spec, all.spec],
    examples: [
      .init("ingestd breaker reset embed:openai:nomic-embed-text@localhost:11434", "The server is back."),
      .init("ingestd breaker reset --all", "All breakers."),
    ],
    exits: [.init(3, "a breaker does not exist; then none is reset")])

  package static func run(_ context: CommandContext) async throws {
    let selection = try BreakerSelection(context[breakers], isAll: context[all])
    try await context.withOperations { operations in
      let reports = try await operations.resetBreakers(selection)
      for report in reports {
        try context.console.json(report)
        try context.console.line("\(report.breaker.visible) is closed")
      }
      if reports.isEmpty { context.console.note("no breaker holds calls back") }
    }
  }
}
