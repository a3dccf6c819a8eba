package import IngestCore

/// A failure as people read it.
package enum FailureText {
  /// `error: …`, what lay beneath, and what to do.
  package static func lines(_ failure: Failure, colour: Bool) -> [String] {
    var lines = [Style.bad.paint("error: ", colour) + failure.message.visible + " " + code(failure, colour)]
    if let step = failure.step {
      lines.append("  in step \(step.visible)" + (failure.attempt.map { ", attempt \($0)" } ?? ""))
    }
    append(failure.causes, of: failure, to: &lines, depth: 1, colour)
    if !failure.hint.isEmpty { lines.append(Style.good.paint("hint: ", colour) + failure.hint.commandLine.visible) }
    return lines
  }

  /// In one line, for lists: `message (CODE)`.
  package static func brief(_ failure: Failure) -> String { "\(failure.message.visible) (\(failure.code))" }

  private static func code(_ failure: Failure, _ colour: Bool) -> String {
    Style.dim.paint("(\(failure.code))", colour)
  }

  /// Those of the failure's own code are its parts, such as the mistakes in a file: each with its hint, and no code again.
  private static func append(
    _ causes: [Failure], of failure: Failure, to lines: inout [String], depth: Int, _ colour: Bool
  ) {
    guard depth <= 8 else { return }
    for cause in causes {
      let indent = String(repeating: "  ", count: depth)
      if cause.code == failure.code {
        let hint = cause.hint.isEmpty || cause.hint == failure.hint ? "" : " (\(cause.hint.commandLine.visible))"
        lines.append("\(indent)\(cause.message.visible)\(hint)")
      } else {
        lines.append("\(indent)because: \(cause.message.visible) \(code(cause, colour))")
      }
      append(cause.causes, of: cause, to: &lines, depth: depth + 1, colour)
    }
  }
}

extension Failure.Category {
  /// DESIGN §5.
  package var exitStatus: Int32 {
    switch self {
    case .failed: 1
    case .invalid: 2
    case .notFound: 3
    case .refused: 4
    case .later: 75
    }
  }
}
