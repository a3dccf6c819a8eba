import IngestAPI
import IngestOperations

/// `ingestd index gc`.
package enum IndexGcCommand: Command {
  package static let dryRun = Parameter(flag: "--dry-run", summary: "Show what would be deleted, and delete nothing.")
  package static let generation = Parameter(
    option: "--generation", type: .integer("N", 1...Int.max),
    summary: "Only this generation. Default: all retired ones.")

  package static let spec = CommandSpec(
    "index gc", "Delete retired generations and blobs that nothing needs", section: .indexes,
    details: ["A rollback to a deleted generation is not possible. The live generation is never deleted."],
    parameters: [SharedParameters.indexName.spec, generation.spec, dryRun.spec],
    examples: [.init("ingestd index gc docs --dry-run", "Show what would be deleted.")],
    exits: [
      .init(3, "the index or generation does not exist"), .init(4, "the generation is live"),
      .init(75, "jobs of the generation are still running; the same command again finishes it"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    let isDryRun = context[dryRun]
    let numbers = try await context.withOperations {
      try await $0.collectGarbage(of: name, generation: context[Self.generation], dryRun: isDryRun)
    }
    try context.console.json(IndexCollectionResponse(index: name, generations: numbers))
    for number in numbers {
      try context.console.line("generation \(number) of \(name) \(isDryRun ? "would be deleted" : "is deleted")")
    }
    if numbers.isEmpty { try context.console.line("no generation of \(name) to delete") }
  }
}
