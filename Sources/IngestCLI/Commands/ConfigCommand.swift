/// `ingestd config`.
package enum ConfigCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "config", "Show the configuration in force and where each value is from", group: .set, data: .none,
    details: [
      "Flags win over the environment (INGESTD_…), the environment over the file. Secrets are shown as ***. All "
        + "mistakes are told, each with its file, line and a hint."
    ],
    examples: [
      .init("ingestd config", "All values with their origin."),
      .init("ingestd config --config ./ingestd.yaml", "Check a file before it is used."),
    ],
    exits: [.init(2, "the configuration has a mistake")])
}
