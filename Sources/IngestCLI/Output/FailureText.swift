package import IngestCore

/// The text of a failure.
package enum FailureText {
  /// Returns lines with the message, the causes and the hint.
  package static func lines(_ failure: Failure, colour: Bool) -> [String] {
    var lines = [Style.bad.paint("error: ", colour) + failure.message.visible + " " + code(failure, colour)]
    if let step = failure.step {
      lines.append("  in step \(step.visible)" + (failure.attempt.map { ", attempt \($0)" } ?? ""))
    }
    append(failure.causes, of: failure, to: &lines, depth: 1, colour)
    if !failure.hint.isEmpty { lines.append(Style.good.paint("hint: ", colour) + failure.hint.commandLine.visible) }
    return lines
  }

  private static func code(_ failure: Failure, _ colour: Bool) -> String {
    Style.dim.paint("(\(failure.code))", colour)
  }

  /// Appends the causes, indented. A cause with the failure's own code is a part of it, such as a mistake in a file: it gets
  /// its hint and does not repeat the code.
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
  package var exitStatus: Int32 {
    switch self {
    case .failed: 1
    case .invalid: 2
    case .notFound: 3
    case .refused: 4
    case .later: 75
    }
  }

  /// The exit status in a few words, for the help.
  package var meaning: String {
    switch self {
    case .failed: "failed"
    case .invalid: "wrong usage"
    case .notFound: "not found"
    case .refused: "refused by a gate or limit"
    case .later: "try again later"
    }
  }
}
