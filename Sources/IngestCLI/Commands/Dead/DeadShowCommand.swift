/// `ingestd dead show`.
package enum DeadShowCommand: CommandDeclaration {
  package static let id = Parameter(argument: .text("ID"), summary: "A dead letter's id, or a beginning of it.")

  package static let spec = CommandSpec(
    "dead show", "Show a dead letter with its whole chain of errors", group: .work,
    parameters: [id.spec],
    examples: [.init("ingestd dead show 01KAEZ7", "Every attempt, and what lay beneath it.")],
    exits: [.init(3, "no dead letter has this id")])
}
