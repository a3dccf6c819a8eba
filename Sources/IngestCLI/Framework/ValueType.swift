package import IngestCore

/// The type of an option's or argument's value: how its text is parsed, shown and completed.
package struct ValueType<Value: Sendable>: Sendable {
  /// Stands for the value in usage lines: `NAME`, `N`, `5m`.
  package var placeholder: String
  package var completion: CompletionKind
  /// The allowed values, for the help; empty if the placeholder is enough.
  package var allowed: String
  /// Returns a default value as the help shows it.
  package var show: @Sendable (Value) -> String
  package var parse: @Sendable (String) throws(ValueMistake) -> Value

  package init(
    _ placeholder: String, completion: CompletionKind = .nothing, allowed: String = "",
    show: @escaping @Sendable (Value) -> String = { String(describing: $0) },
    parse: @escaping @Sendable (String) throws(ValueMistake) -> Value
  ) {
    self.placeholder = placeholder
    self.completion = completion
    self.allowed = allowed
    self.show = show
    self.parse = parse
  }
}

/// The completions that a shell can offer for a value.
package enum CompletionKind: Hashable, Sendable {
  case nothing
  case file
  case folder
  case choices([String])
}

/// The reason why a text is not a value of its type.
package struct ValueMistake: Error, Hashable, Sendable {
  /// Completes a message that ends with "expected".
  package var expected: String

  package init(_ expected: String) { self.expected = expected }
}

/// A `KEY=VALUE` pair, for `--meta` and `--where`.
package struct KeyValue: Hashable, Sendable {
  package var key: String
  package var value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// A point in time: an exact time, or an age.
package enum Moment: Hashable, Sendable {
  case at(Timestamp)
  case ago(Duration)

  package func timestamp(now: Timestamp) -> Timestamp {
    switch self {
    case .at(let time): time
    case .ago(let age): now + (.zero - age)
    }
  }
}
