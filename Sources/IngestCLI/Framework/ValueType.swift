package import IngestCore

/// How the text of an option or argument becomes a value, and how help and completion tell of it.
package struct ValueType<Value: Sendable>: Sendable {
  /// Stands for the value in usage lines: `NAME`, `N`, `5m`.
  package var placeholder: String
  package var completion: CompletionKind
  /// What help says is allowed; empty where the placeholder says it all.
  package var allowed: String
  /// How a default is shown.
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

/// What a shell can offer where a value is due.
package enum CompletionKind: Hashable, Sendable {
  case nothing
  case file
  case folder
  case choices([String])
}

/// Why a text is no value of its type: what was expected, put after "expected".
package struct ValueMistake: Error, Hashable, Sendable {
  package var expected: String

  package init(_ expected: String) { self.expected = expected }
}

/// `KEY=VALUE`, as `--meta` and `--where` take it.
package struct KeyValue: Hashable, Sendable {
  package var key: String
  package var value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// A moment as people name it: exactly, or as so long ago.
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
