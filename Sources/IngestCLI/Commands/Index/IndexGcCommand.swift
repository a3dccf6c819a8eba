import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd index gc`.
package enum IndexGcCommand: Command {
  package static let dryRun = Parameter(flag: "--dry-run", summary: "Say what would go, and remove nothing.")
  package static let generation = Parameter(
    option: "--generation", type: .integer("N", 1...Int.max),
    summary: "Only this generation; all retired ones if not given.")

  package static let spec = CommandSpec(
    "index gc", "Delete retired generations and blobs that nothing needs", section: .indexes,
    details: ["After it there is no rollback to what was deleted. The live generation is never touched."],
    parameters: [SharedParameters.indexName.spec, generation.spec, dryRun.spec],
    examples: [.init("ingestd index gc docs --dry-run", "See what would go.")],
    exits: [.init(3, "the index does not exist"), .init(4, "the generation is live or in use")])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    let isDryRun = context[dryRun]
    let numbers = try await context.withOperations {
      try await $0.collectGarbage(of: name, generation: context[Self.generation], dryRun: isDryRun)
    }
    try context.console.json(IndexCollectionResponse(index: name, generations: numbers))
    for number in numbers {
      try context.console.line("generation \(number) of \(name) \(isDryRun ? "would go" : "deleted")")
    }
    if numbers.isEmpty { try context.console.line("no generation of \(name) to delete") }
  }
}
