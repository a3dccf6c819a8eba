/// `ingestd index build`.
package enum IndexBuildCommand: CommandDeclaration {
  package static let wait = Parameter(flag: "--wait", summary: "Follow the build to its end.")

  package static let spec = CommandSpec(
    "index build", "Build a new generation beside the live one", group: .indexes,
    details: [
      "It is filled from the kept documents, one job for each, while searches go on in the live one and submits go "
        + "to both. Settings that are not given are those of the live generation."
    ],
    parameters: [SharedParameters.indexName.spec] + BuildSettings.parameters + [wait.spec],
    examples: [.init("ingestd index build docs --embedder minilm --wait", "Try another embedder.")],
    exits: [.init(1, "with --wait, the build did not get ready"), .init(3, "the index does not exist")])
}
