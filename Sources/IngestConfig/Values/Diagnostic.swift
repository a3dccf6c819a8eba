package import IngestCore

/// One mistake in a file, a variable or a flag: its place, the problem, and the expected value.
package struct Diagnostic: Hashable, Sendable {
  package var origin: SettingOrigin
  /// The problem, as a clause without a full stop.
  package var message: String
  /// The expected value or what to write instead. Empty if the message says it.
  package var hint: String

  package init(_ origin: SettingOrigin, _ message: String, hint: String = "") {
    self.origin = origin
    self.message = message
    self.hint = hint
  }

  /// The message with its place, as `file:line:column: message`, a form that editors can open.
  package var located: String {
    switch origin {
    case .builtIn: message
    case .file(let name, let line, let column): "\(name):\(line):\(column): \(message)"
    case .environment(let name): "\(name): \(message)"
    case .flag(let key): "flag \(key): \(message)"
    }
  }
}

extension Diagnostic: CustomStringConvertible {
  package var description: String { hint.isEmpty ? located : "\(located) (\(hint))" }
}

extension Diagnostic: Comparable {
  /// Orders files by name, line and column, then variables, then flags.
  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: (Int, String, Int, Int, String) {
    switch origin {
    case .builtIn: (0, "", 0, 0, message)
    case .file(let name, let line, let column): (1, name, line, column, message)
    case .environment(let name): (2, name, 0, 0, message)
    case .flag(let key): (3, key, 0, 0, message)
    }
  }
}

extension Diagnostic {
  /// Returns the mistake as a failure, to be a cause of another.
  package func failure(code: String) -> Failure {
    Failure(.permanent, code: code, located, hint: Hint(hint), category: .invalid)
  }
}
