/// `ingestd index show`.
package enum IndexShowCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "index show", "Show an index's generations and how far behind each is", group: .indexes,
    parameters: [SharedParameters.indexName.spec],
    examples: [.init("ingestd index show docs", "Live, candidates and the one to roll back to.")],
    exits: [.init(3, "the index does not exist")])
}
