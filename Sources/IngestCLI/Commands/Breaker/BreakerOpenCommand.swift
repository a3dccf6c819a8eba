import IngestCore
import IngestOperations

/// `ingestd breaker open`.
package enum BreakerOpenCommand: Command {
  package static let breaker = Parameter(
    argument: .text("BREAKER"), summary: "The breaker, as `breaker list` names it.")
  package static let duration = Parameter(
    option: "--for", type: .duration("DURATION"),
    summary: "How long, such as 10m; then probe calls decide. Without it, until `breaker reset`.")

  package static let spec = CommandSpec(
    "breaker open", "Open a breaker, so that no worker calls its dependency", section: .work,
    details: ["Jobs that need the dependency wait and spend no attempt. Calls under way finish."],
    parameters: [breaker.spec, duration.spec],
    examples: [
      .init("ingestd breaker open embed:openai:nomic-embed-text@localhost:11434 --for 10m", "Ten minutes' maintenance.")
    ],
    exits: [.init(2, "--for is zero"), .init(3, "the breaker does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let opening = try BreakerOpening(for: context[duration])
    try await context.withOperations { operations in
      let report = try await operations.openBreaker(context[breaker], for: opening)
      try context.console.json(report)
      let until = report.nextAt.map { "until \($0), then probes decide" } ?? "until it is reset"
      try context.console.line("\(report.breaker.visible) is open \(until)")
    }
  }
}
