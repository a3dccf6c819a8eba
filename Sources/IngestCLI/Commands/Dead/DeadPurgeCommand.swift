/// `ingestd dead purge`.
package enum DeadPurgeCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "dead purge", "Delete dead letters for good", group: .work,
    details: ["The documents stay in the catalogue, and what the index held of them before stays searchable."],
    parameters: DeadSelection.parameters,
    examples: [.init("ingestd dead purge --all --source trial", "All of one source.")],
    exits: [.init(3, "no dead letter has this id")])
}
