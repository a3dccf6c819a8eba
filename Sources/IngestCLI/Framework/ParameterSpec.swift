/// An option, flag or positional argument, its value's type forgotten: what the parser, help and completion read.
package struct ParameterSpec: Sendable {
  /// How it is given.
  package enum Form: Hashable, Sendable {
    /// `--name`, no value.
    case flag
    /// `--name VALUE`.
    case option
    /// A positional argument.
    case argument
  }

  package var form: Form
  /// `--limit`, `-k`: long one first in help; a positional has its placeholder here.
  package var names: [String]
  package var placeholder: String
  package var summary: String
  /// May be given more than once.
  package var repeats: Bool
  /// Must be given.
  package var required: Bool
  /// Shown in help; nil when there is none.
  package var defaultText: String?
  /// The variable of the environment that stands in for it; shown in help.
  package var environment: String?
  package var allowed: String
  package var completion: CompletionKind
  /// The value that a typed ``Parameter`` reads back, of the texts as given.
  let decode: @Sendable ([String]) throws(ValueMistakeAt) -> any Sendable
  /// Values of an option of everybody's that are meant for this one.
  var borrowed: Borrowed?

  /// A name that two options answer to, told apart by the value.
  struct Borrowed: Sendable {
    var name: String
    var claims: @Sendable (String) -> Bool
  }

  /// What messages and ``ParsedArguments`` call it.
  package var key: String { names.first ?? placeholder }
}

/// A ``ValueMistake`` and the text that made it.
package struct ValueMistakeAt: Error, Sendable {
  package var text: String
  package var mistake: ValueMistake
}

/// Keeps a decoded value's exact type, which optionals in an existential would lose.
struct Decoded<Value: Sendable>: Sendable {
  let value: Value
}
