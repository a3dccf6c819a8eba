/// An option, flag or positional argument without the type of its value. The parser, help and completion read it.
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
  /// Such as `--limit`, `-k`, the long one first. A positional argument has its placeholder here.
  package var names: [String]
  package var placeholder: String
  package var summary: String
  /// May be given more than once.
  package var repeats: Bool
  /// Must be given.
  package var required: Bool
  /// The default as the help shows it; nil if there is none.
  package var defaultText: String?
  /// The environment variable that is read if the option is not given; shown in the help.
  package var environment: String?
  package var allowed: String
  package var completion: CompletionKind
  /// Converts the texts from the command line to the value of the typed ``Parameter``.
  let decode: @Sendable ([String]) throws(ValueMistakeAt) -> any Sendable
  /// Another option's name, some of whose values are meant for this one.
  var borrowed: Borrowed?

  /// A name that two options share; the value decides which one is meant.
  struct Borrowed: Sendable {
    var name: String
    var claims: @Sendable (String) -> Bool
  }

  /// The name in messages and in ``ParsedArguments``.
  package var key: String { names.first ?? placeholder }
}

/// A ``ValueMistake`` and the text that made it.
package struct ValueMistakeAt: Error, Sendable {
  package var text: String
  package var mistake: ValueMistake
}

/// A decoded value with its exact type, which an optional in an existential would lose.
struct Decoded<Value: Sendable>: Sendable {
  let value: Value
}
