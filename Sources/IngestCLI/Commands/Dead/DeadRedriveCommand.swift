/// `ingestd dead redrive`.
package enum DeadRedriveCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "dead redrive", "Let dead letters go on from the step that failed", group: .work,
    details: ["Steps that were finished are not run again. One whose document has a newer revision stays where it is."],
    parameters: DeadSelection.parameters,
    examples: [
      .init("ingestd dead redrive 01KAEZ7", "One."),
      .init("ingestd dead redrive --all --code EMBEDDER_UNREACHABLE", "All that died of one error."),
    ],
    exits: [.init(3, "no dead letter has this id")])
}
