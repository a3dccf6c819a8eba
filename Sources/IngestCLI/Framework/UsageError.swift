package import IngestCore

/// An error in a command line. The exit status is 2.
package enum UsageError: Error, Hashable, Sendable {
  case unknownCommand(path: [String], word: String, nearest: String?)
  case missingCommand(path: [String], words: [String])
  case unknownOption(command: String, option: String, nearest: String?)
  case missingValue(command: String, option: String, placeholder: String)
  case unexpectedValue(command: String, option: String)
  case wrongValue(command: String, parameter: String, text: String, expected: String)
  case missingArgument(command: String, placeholder: String)
  case extraArgument(command: String, text: String)
  case givenTwice(command: String, option: String)
  case exclusive(command: String, options: [String])
}

extension UsageError: FailureConvertible {
  package var failure: Failure {
    Failure(.permanent, code: code, message, hint: hint, category: .invalid)
  }

  private var code: String {
    switch self {
    case .unknownCommand: "UNKNOWN_COMMAND"
    case .missingCommand: "MISSING_COMMAND"
    case .unknownOption: "UNKNOWN_OPTION"
    case .missingValue: "MISSING_VALUE"
    case .unexpectedValue: "UNEXPECTED_VALUE"
    case .wrongValue: "WRONG_VALUE"
    case .missingArgument: "MISSING_ARGUMENT"
    case .extraArgument: "EXTRA_ARGUMENT"
    case .givenTwice: "OPTION_GIVEN_TWICE"
    case .exclusive: "OPTIONS_EXCLUDE_EACH_OTHER"
    }
  }

  private var message: String {
    switch self {
    case .unknownCommand(let path, let word, _):
      "there is no command `\(Self.program(path)) \(word.visible)`"
    case .missingCommand(let path, _):
      "`\(Self.program(path))` needs a command"
    case .unknownOption(let command, let option, _):
      "`ingestd \(command)` has no option `\(option.visible)`".replacingDoubleSpace
    case .missingValue(_, let option, let placeholder):
      "`\(option)` needs a value: \(option) \(placeholder)"
    case .unexpectedValue(_, let option):
      "`\(option)` takes no value"
    case .wrongValue(_, let parameter, let text, let expected):
      "\(parameter) is `\(text.visible.shortened(to: 200))`: expected \(expected)"
    case .missingArgument(let command, let placeholder):
      "`ingestd \(command)` needs \(placeholder)"
    case .extraArgument(let command, let text):
      "`ingestd \(command)` got an unexpected argument: `\(text.visible.shortened(to: 200))`"
    case .givenTwice(_, let option):
      "`\(option)` is given twice"
    case .exclusive(_, let options):
      options.map { "`\($0)`" }.joined(separator: " and ") + " exclude each other"
    }
  }

  private var hint: Hint {
    switch self {
    case .unknownCommand(let path, _, let nearest?):
      "did you mean `\(Self.program(path)) \(nearest)`? `\(Self.program(path)) -h` lists the commands"
    case .unknownCommand(let path, _, nil):
      "`\(Self.program(path)) -h` lists the commands"
    case .missingCommand(let path, let words):
      "one of \(words.joined(separator: ", ")); `\(Self.program(path)) -h` explains them"
    case .unknownOption(let command, _, let nearest?):
      "did you mean `\(nearest)`? \(Self.help(command))"
    case .exclusive(let command, _):
      "leave one of them out; \(Self.help(command))"
    case .missingValue(let command, let option, _):
      "where the value begins with a dash, write \(option)=VALUE; \(Self.help(command))"
    case .extraArgument(let command, _):
      "put quotes around text with spaces; \(Self.help(command))"
    case .unknownOption(let command, _, nil), .unexpectedValue(let command, _), .wrongValue(let command, _, _, _),
      .missingArgument(let command, _), .givenTwice(let command, _):
      Self.help(command)
    }
  }

  private static func program(_ path: [String]) -> String { (["ingestd"] + path).joined(separator: " ") }

  private static func help(_ command: String) -> Hint {
    command.isEmpty ? "see `ingestd -h`" : "see `ingestd \(command) -h`"
  }
}

extension String {
  /// Removes the space of a missing command name, in messages about the program itself.
  fileprivate var replacingDoubleSpace: String { hasPrefix("`ingestd `") ? "`ingestd`" + dropFirst(10) : self }
}
