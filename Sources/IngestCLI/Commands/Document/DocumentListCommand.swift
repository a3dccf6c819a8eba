/// `ingestd document list`.
package enum DocumentListCommand: CommandDeclaration {
  package static let behind = Parameter(
    flag: "--behind", summary: "Only those whose newest revision cannot be searched yet.")

  package static let spec = CommandSpec(
    "document list", "List the documents of an index", group: .documents,
    parameters: [
      SharedParameters.index.spec, SharedParameters.onlySource.spec, behind.spec, SharedParameters.limit.spec,
    ],
    examples: [.init("ingestd document list --source handbook", "One source's documents.")],
    exits: [.init(3, "the index does not exist")])
}
