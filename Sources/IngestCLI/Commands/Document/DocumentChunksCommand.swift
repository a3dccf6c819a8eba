/// `ingestd document chunks`.
package enum DocumentChunksCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "document chunks", "Show a document's chunks as the index holds them", group: .documents,
    parameters: [
      SharedParameters.document.spec, SharedParameters.index.spec, SharedParameters.onlySource.spec,
      SharedParameters.generation.spec,
    ],
    examples: [.init("ingestd document chunks 01KAEZ7 --json", "One JSON object a chunk.")],
    exits: [.init(3, "there is no such document")])
}
