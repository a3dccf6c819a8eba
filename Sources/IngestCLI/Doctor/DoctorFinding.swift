import IngestCore

/// What one check found.
struct DoctorFinding: Encodable {
  enum State: String, Encodable {
    case ok
    /// It works, and somebody should know.
    case warn
    case fail
  }

  var check: String
  var state: State
  var message: String
  var hint: Hint

  static func ok(_ check: String, _ message: String) -> Self {
    .init(check: check, state: .ok, message: message, hint: "")
  }

  static func warn(_ check: String, _ message: String, hint: Hint) -> Self {
    .init(check: check, state: .warn, message: message, hint: hint)
  }

  static func fail(_ check: String, _ message: String, hint: Hint) -> Self {
    .init(check: check, state: .fail, message: message, hint: hint)
  }

  /// A check that could not be made to its end.
  static func fail(_ check: String, _ error: any Error) -> Self {
    let failure = Failure(error)
    let causes = failure.causes.prefix(5).map { "; \($0.message)" }.joined()
    return fail(check, failure.message + causes, hint: failure.hint)
  }

  func print(_ console: Console) throws {
    try console.json(self)
    let style: Style =
      switch state {
      case .ok: .good
      case .warn: .warning
      case .fail: .bad
      }
    let width = JobSheet.width(console)
    let lines = Excerpt.lines("\(check): \(message)", width: width - 6, most: .max)
    for (position, line) in lines.enumerated() {
      let mark = position == 0 ? style.paint(state.rawValue.padded(to: 6), console.terminal.outputHasColour) : "      "
      try console.line(mark + line)
    }
    guard !hint.isEmpty else { return }
    for line in Excerpt.lines("→ \(hint.commandLine)", width: width - 6, most: .max) {
      try console.line("      " + line)
    }
  }
}
