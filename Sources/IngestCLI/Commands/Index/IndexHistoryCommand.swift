/// `ingestd index history`.
package enum IndexHistoryCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "index history", "Show who built, swapped and rolled back what, and when", group: .indexes,
    parameters: [SharedParameters.indexName.spec, SharedParameters.limit.spec],
    examples: [.init("ingestd index history docs", "Newest first.")],
    exits: [.init(3, "the index does not exist")])
}
