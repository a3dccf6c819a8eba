import IngestConfig
import IngestCore

extension CommandContext {
  /// The workflows of the data folder, where there is one, and those built in.
  func workflowLibrary() throws -> WorkflowLibrary {
    let layout = try layoutIfAny()
    return workflows(try configuration(in: layout), in: layout)
  }
}

/// A mistake of a workflow file as `--json` prints it.
struct MistakeLine: Encodable {
  var file: String
  var line: Int?
  var column: Int?
  var message: String
  var hint: Hint

  init(_ mistake: Diagnostic, file: String) {
    self.file = mistake.origin.file ?? file
    line = mistake.origin.line
    column = mistake.origin.column
    message = mistake.message
    hint = Hint(mistake.hint)
  }
}
