/// `ingestd status`.
package enum StatusCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "status", "Show jobs by state, sources and workers", group: .work,
    examples: [
      .init("ingestd status", "The whole at a glance."),
      .init("ingestd status --json", "The same for a script."),
    ])
}
