import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd workflow validate`.
package enum WorkflowValidateCommand: Command {
  package static let files = Parameter(
    arguments: .file("FILE"), required: false, summary: "Workflow files. Default: all files of the workflow folder.")

  package static let spec = CommandSpec(
    "workflow validate", "Check workflow files and report every mistake", section: .setup, data: .none,
    parameters: [files.spec],
    examples: [.init("ingestd workflow validate ingest.yaml", "Mistakes with file, line and column.")],
    exits: [.init(2, "a file has a mistake")])

  package static func run(_ context: CommandContext) async throws {
    var hasMistakes = false
    for check in try context.workflows().validate(context[files]) {
      switch check {
      case .sound(let workflow):
        try context.console.line(
          "\(workflow.definition.name.visible): sound, \(workflow.definition.steps.count) steps, version "
            + "\(workflow.version.rawValue.prefix(12)) (\(workflow.origin.visible))", .good)
      case .mistakes(let mistakes):
        hasMistakes = true
        for mistake in mistakes {
          try context.console.json(MistakeResponse(mistake))
          try context.console.line(mistake.located.visible, .bad)
        }
      }
    }
    if hasMistakes { throw ExitStatus(2) }
  }
}
