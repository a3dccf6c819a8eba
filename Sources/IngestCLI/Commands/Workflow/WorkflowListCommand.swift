/// `ingestd workflow list`.
package enum WorkflowListCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "workflow list", "List the workflows, built in and your own", group: .set, data: .none,
    examples: [.init("ingestd workflow list", "With version and origin.")])
}
