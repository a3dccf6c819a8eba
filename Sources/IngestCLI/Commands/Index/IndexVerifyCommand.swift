/// `ingestd index verify`.
package enum IndexVerifyCommand: CommandDeclaration {
  package static let repair = Parameter(
    flag: "--repair", summary: "Remove what should not be there, and queue what is missing.")

  package static let spec = CommandSpec(
    "index verify", "Prove that an index holds exactly what the catalogue says", group: .indexes,
    details: ["Every open generation is compared with the catalogue chunk by chunk: none missing, stale or twice."],
    parameters: [SharedParameters.indexName.spec, SharedParameters.generation.spec, repair.spec],
    examples: [.init("ingestd index verify docs --repair", "Prove it, and mend what is wrong.")],
    exits: [.init(1, "something is missing, stale or there twice"), .init(3, "the index does not exist")])
}
