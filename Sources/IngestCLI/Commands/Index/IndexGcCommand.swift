import IngestApp
import IngestBlobs
import IngestConfig
import IngestCore
import IngestOperations
import IngestStore

/// `ingestd index gc`.
package enum IndexGcCommand: Command {
  package static let dryRun = Parameter(flag: "--dry-run", summary: "Say what would go, and remove nothing.")
  package static let generation = Parameter(
    option: "--generation", type: .integer("N", 1...Int.max),
    summary: "Only this generation; all retired ones if not given.")

  package static let spec = CommandSpec(
    "index gc", "Delete retired generations and blobs that nothing needs", group: .indexes,
    details: ["After it there is no rollback to what was deleted. The live generation is never touched."],
    parameters: [SharedParameters.indexName.spec, generation.spec, dryRun.spec],
    examples: [.init("ingestd index gc docs --dry-run", "See what would go.")],
    exits: [.init(3, "the index does not exist"), .init(4, "the generation is live or in use")])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    try await context.withInstallation { installation in
      if context[dryRun] {
        let known = try await installation.store.list(name)
        let targets = known.filter { generation in
          context[Self.generation].map { $0 == generation.number && generation.state != .live }
            ?? (generation.state == .retired)
        }
        return try tell(targets.map(\.number), "would go", context.console, name)
      }
      let gone = try await installation.operations(as: context.actor).collectGenerations(
        name, number: context[Self.generation])
      _ = try await installation.blobs.collect(grace: installation.configuration.blobs.collectionGrace)
      try tell(gone, "deleted", context.console, name)
    }
  }

  /// What `--json` prints.
  private struct Collected: Encodable {
    var index: String
    var generations: [Int]
  }

  private static func tell(_ numbers: [Int], _ verb: String, _ console: Console, _ index: String) throws {
    try console.json(Collected(index: index, generations: numbers))
    for number in numbers { try console.line("generation \(number) of \(index) \(verb)") }
    if numbers.isEmpty { try console.line("no generation of \(index) to delete") }
  }
}
