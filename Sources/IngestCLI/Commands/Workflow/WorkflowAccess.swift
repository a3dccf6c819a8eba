import IngestConfig
import IngestCore

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
