/// `ingestd index create`.
package enum IndexCreateCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "index create", "Make an index with an empty live generation", group: .indexes, data: .created,
    details: ["The index docs is made by the first submit; any other by this command."],
    parameters: [SharedParameters.indexName.spec] + BuildSettings.parameters,
    examples: [.init("ingestd index create handbook --embedder minilm", "An index with an embedder of its own.")],
    exits: [.init(4, "the index exists with other settings")])
}
