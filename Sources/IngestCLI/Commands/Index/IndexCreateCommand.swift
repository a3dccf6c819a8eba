import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd index create`.
package enum IndexCreateCommand: Command {
  package static let spec = CommandSpec(
    "index create", "Create an index with an empty live generation", section: .indexes, data: .created,
    details: [
      "The first submit creates the index docs; every other index needs this command. Settings that are not given come "
        + "from the configuration."
    ],
    parameters: [SharedParameters.indexName.spec] + BuildSettings.parameters,
    examples: [.init("ingestd index create handbook --embedder minilm", "An index with an embedder of its own.")],
    exits: [.init(3, "the embedder does not exist"), .init(4, "the index exists with other settings")])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.indexName]
    let (listing, generation, isNew) = try await context.withOperations {
      try await $0.createIndex(name, BuildSettings.wishes(context))
    }
    try context.console.json(IndexResponse(listing))
    try context.console.line(
      isNew
        ? "index \(name), generation \(generation.number), is live"
        : "index \(name) exists already; generation \(generation.number) is live")
  }
}
