import IngestAPI
import IngestApp
import IngestCore
import IngestOperations

/// `ingestd doctor`.
package enum DoctorCommand: Command {
  package static let spec = CommandSpec(
    "doctor", "Check the programs, the data folder and the configuration", section: .setup, data: .none,
    details: ["Each check reports what is wrong and what to do. Nothing is changed."],
    examples: [.init("ingestd doctor", "Before the first run, or when something fails.")],
    exits: [.init(1, "a check failed")])

  package static func run(_ context: CommandContext) async throws {
    var failed = 0
    try await Doctor(context.request()) { finding in
      if finding.state == .fail { failed += 1 }
      try show(finding, context.console)
      try context.console.flush()
    }.run()
    if failed > 0 { throw ExitStatus.failed }
  }

  private static func show(_ finding: DoctorFinding, _ console: Console) throws {
    try console.json(DoctorResponse(finding))
    let style: Style =
      switch finding.state {
      case .ok: .good
      case .warn: .warning
      case .fail: .bad
      }
    let width = JobSheet.width(console)
    let lines = Excerpt.lines("\(finding.check): \(finding.message)", width: width - 6, most: .max)
    for (position, line) in lines.enumerated() {
      let mark =
        position == 0 ? style.paint(finding.state.rawValue.padded(to: 6), console.terminal.outputHasColour) : "      "
      try console.line(mark + line)
    }
    guard !finding.hint.isEmpty else { return }
    for line in Excerpt.lines("→ \(finding.hint.commandLine)", width: width - 6, most: .max) {
      try console.line("      " + line)
    }
  }
}
