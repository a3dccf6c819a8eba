/// `ingestd doctor`.
package enum DoctorCommand: Command {
  package static let spec = CommandSpec(
    "doctor", "Check the programs, the data folder and the configuration", group: .set, data: .none,
    details: ["Each check says what is wrong and what to do. Nothing is changed."],
    examples: [.init("ingestd doctor", "Before the first run, or when something is odd.")],
    exits: [.init(1, "a check failed")])

  package static func run(_ context: CommandContext) async throws {
    var failed = 0
    try await Doctor(context: context) { finding in
      if finding.state == .fail { failed += 1 }
      try finding.print(context.console)
      try context.console.flush()
    }.run()
    if failed > 0 { throw ExitStatus.failed }
  }
}
