/// `ingestd doctor`.
package enum DoctorCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "doctor", "Check the programs, the data folder and the configuration", group: .set, data: .none,
    details: ["Each check says what is wrong and what to do. Nothing is changed."],
    examples: [.init("ingestd doctor", "Before the first run, or when something is odd.")],
    exits: [.init(1, "a check failed")])
}
