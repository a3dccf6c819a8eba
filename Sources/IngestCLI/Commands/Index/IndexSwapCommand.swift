import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd index swap`.
package enum IndexSwapCommand: Command {
  package static let to = Parameter(
    option: "--to", type: .integer("N", 1...Int.max), summary: "This generation; the newest that is ready if not given."
  )
  package static let acceptMissing = Parameter(
    option: "--accept-missing", type: .integer("N", 0...Int.max), default: 0,
    summary: "Let go so many documents that died in the new generation; recorded.")

  package static let wait = Parameter(
    option: "--wait", type: .duration("TIME"),
    summary: "Go on trying so long while jobs bring what is lacking.")

  package static let spec = CommandSpec(
    "index swap", "Let readers move to another generation, in one step", section: .indexes,
    details: [
      "Refused while it lacks a document that the live one holds. Searches that have begun end where they began."
    ],
    parameters: [SharedParameters.indexName.spec, to.spec, acceptMissing.spec, wait.spec],
    examples: [.init("ingestd index swap docs --to 2", "Make generation 2 live.")],
    exits: [
      .init(3, "the index or generation does not exist"),
      .init(4, "it lacks documents that live holds, or another swap came first"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    let report = try await context.withOperations {
      try await $0.swap(
        name, to: context[to], acceptMissing: context[acceptMissing], patience: context[wait] ?? .zero)
    }
    try context.console.json(SwapResponse(report))
    try context.console.line(
      "generation \(report.live) of \(name) is live; \(report.previous) is retired and still receives writes"
        + (report.missing > 0 ? "; \(DecimalText.count(report.missing, "document")) let go" : ""))
  }
}
