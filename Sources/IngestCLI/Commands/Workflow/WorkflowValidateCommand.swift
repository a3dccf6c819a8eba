import IngestApp
import IngestConfig
import IngestCore

/// `ingestd workflow validate`.
package enum WorkflowValidateCommand: Command {
  package static let files = Parameter(
    arguments: .file("FILE"), required: false, summary: "Files; all of the workflow folder if none is given.")

  package static let spec = CommandSpec(
    "workflow validate", "Check workflow files and tell every mistake", group: .set, data: .none,
    parameters: [files.spec],
    examples: [.init("ingestd workflow validate ingest.yaml", "Mistakes with file, line and column.")],
    exits: [.init(2, "a file has a mistake")])

  package static func run(_ context: CommandContext) async throws {
    var mistakes = 0
    func tell(_ diagnostics: [Diagnostic], file: String) throws {
      mistakes += diagnostics.count
      for mistake in diagnostics.sorted() {
        try context.console.json(MistakeLine(mistake, file: file))
        try context.console.line(mistake.description.visible, .bad)
      }
    }
    func sound(_ entry: WorkflowEntry) throws {
      try context.console.line(
        "\(entry.definition.name.visible): sound, \(entry.definition.steps.count) steps, version "
          + "\(entry.version.rawValue.prefix(12)) (\(entry.origin.description.visible))", .good)
    }
    if context[files].isEmpty {
      let library = try context.workflowLibrary()
      for entry in library.broken { try tell(entry.diagnostics, file: entry.file) }
      for entry in library.entries { try sound(entry) }
    } else {
      let library = try context.workflowLibrary()
      for file in context[files] {
        do {
          try sound(try WorkflowLibrary.check(file: file, among: library))
        } catch WorkflowError.invalid(_, let diagnostics) {
          try tell(diagnostics, file: file)
        }
      }
    }
    if mistakes > 0 { throw ExitStatus(2) }
  }
}
