import IngestCore
import IngestOperations

/// `ingestd index swap`.
package enum IndexSwapCommand: Command {
  package static let to = Parameter(
    option: "--to", type: .integer("N", 1...Int.max),
    summary: "The generation. Default: the newest one that is ready or building.")
  package static let acceptMissing = Parameter(
    option: "--accept-missing", type: .integer("N", 0...Int.max), default: 0,
    summary: "Swap even if up to N documents of the live generation are missing. The history records it.")

  package static let wait = Parameter(
    option: "--wait", type: .duration("TIME"),
    summary: "Retry for this long, such as 5m, while jobs add what is missing. Default: no retry.")

  package static let spec = CommandSpec(
    "index swap", "Make another generation live, in one step", section: .indexes,
    details: [
      "Refused while the generation lacks a document that the live one holds. A search that has begun finishes in the "
        + "generation where it began."
    ],
    parameters: [SharedParameters.indexName.spec, to.spec, acceptMissing.spec, wait.spec],
    examples: [.init("ingestd index swap docs --to 2", "Make generation 2 live.")],
    exits: [
      .init(3, "the index or generation does not exist"),
      .init(4, "it lacks documents that live holds, another swap came first, or there is none to swap in"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    let report = try await context.withOperations {
      try await $0.swap(
        name, to: context[to], acceptMissing: context[acceptMissing], patience: context[wait] ?? .zero)
    }
    try context.console.json(report)
    try context.console.line(
      "generation \(report.live) of \(name) is live; \(report.previous) is retired and still receives writes"
        + (report.missing > 0 ? "; \(DecimalText.count(report.missing, "document")) missing" : ""))
  }
}
