package import IngestCore

extension ValueType where Value == String {
  /// Any text but the empty one.
  package static func text(_ placeholder: String) -> Self {
    Self(placeholder, show: { $0 }) { text throws(ValueMistake) in
      guard !text.isEmpty else { throw ValueMistake("a text that is not empty") }
      return text
    }
  }

  /// A file's path, or `-` if the command allows it.
  package static func file(_ placeholder: String) -> Self { path(placeholder, .file) }

  package static func folder(_ placeholder: String) -> Self { path(placeholder, .folder) }

  private static func path(_ placeholder: String, _ completion: CompletionKind) -> Self {
    Self(placeholder, completion: completion, show: { $0 }) { text throws(ValueMistake) in
      guard !text.isEmpty else { throw ValueMistake("a path that is not empty") }
      return text
    }
  }

  /// One of these words.
  package static func word(_ placeholder: String, _ words: [String]) -> Self {
    let list = words.joined(separator: ", ")
    return Self(placeholder, completion: .choices(words), allowed: list, show: { $0 }) { text throws(ValueMistake) in
      guard words.contains(text) else { throw ValueMistake.choice(text, among: words) }
      return text
    }
  }
}

extension ValueType where Value == Int {
  package static func integer(_ placeholder: String, _ range: ClosedRange<Int>) -> Self {
    Self(placeholder) { text throws(ValueMistake) in
      guard let value = Int(text), range.contains(value) else {
        if range.upperBound == .max { throw ValueMistake("a whole number from \(range.lowerBound)") }
        throw ValueMistake("a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
  }

  /// A number of bytes: `500`, `64K`, `10MiB`, `2GB`. K, M, G, T are powers of 1024; KB, MB, GB, TB powers of 1000.
  package static func size(_ placeholder: String) -> Self {
    Self(placeholder, show: { ByteSize.text($0) }) { text throws(ValueMistake) in
      guard let bytes = ByteSize.parse(text) else { throw ValueMistake("a size such as 500, 64K or 10MiB") }
      return bytes
    }
  }
}

extension ValueType where Value == Duration {
  /// A duration such as `250ms`, `30s`, `5m`, `2h`, `7d` or `1h30m`.
  package static func duration(_ placeholder: String) -> Self {
    Self(placeholder, show: { DurationText.exact($0) }) { text throws(ValueMistake) in
      guard let duration = DurationText.parse(text) else {
        throw ValueMistake("a duration such as 30s, 5m, 2h or 1h30m")
      }
      return duration
    }
  }
}

extension ValueType where Value == Timestamp {
  package static func time(_ placeholder: String) -> ValueType<Timestamp> {
    Self(placeholder) { text throws(ValueMistake) in
      guard let time = Timestamp(text) else { throw ValueMistake("a time such as 2026-11-20T09:30:00Z") }
      return time
    }
  }
}

extension ValueType where Value == Moment {
  /// An RFC 3339 time, or a duration before now.
  package static func moment(_ placeholder: String) -> Self {
    Self(placeholder) { text throws(ValueMistake) in
      if let time = Timestamp(text) { return .at(time) }
      if let age = DurationText.parse(text) { return .ago(age) }
      throw ValueMistake("a time such as 2026-11-20T09:30:00Z, or an age such as 30m, 2h or 7d")
    }
  }
}

extension ValueType where Value == KeyValue {
  package static func keyValue(_ placeholder: String) -> Self {
    Self(placeholder, show: { "\($0.key)=\($0.value)" }) { text throws(ValueMistake) in
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw ValueMistake("KEY=VALUE")
      }
      return KeyValue(key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }
  }
}

extension ValueType where Value: RawRepresentable<String> & CaseIterable {
  /// A case of an enumeration, by its raw value.
  package static func choice(_ placeholder: String) -> Self {
    let words = Value.allCases.map(\.rawValue)
    let list = words.joined(separator: ", ")
    return Self(placeholder, completion: .choices(words), allowed: list, show: { $0.rawValue }) {
      text throws(ValueMistake) in
      guard let value = Value(rawValue: text) else { throw ValueMistake.choice(text, among: words) }
      return value
    }
  }
}

extension ValueMistake {
  fileprivate static func choice(_ text: String, among words: [String]) -> Self {
    let list = "one of " + words.joined(separator: ", ")
    guard let nearest = Suggestion.nearest(to: text, among: words) else { return ValueMistake(list) }
    return ValueMistake(list + " (did you mean `\(nearest)`?)")
  }
}

extension ValueType where Value == RateSpec {
  /// A rate: `10/m`, `1/4h`, `60/m burst 10`.
  package static func pace(_ placeholder: String) -> Self {
    Self(placeholder) { text throws(ValueMistake) in
      do throws(PolicyError) {
        return try RateSpec(text)
      } catch {
        guard case .correctLimit(_, let problem) = error else { throw ValueMistake("a rate such as 10/m") }
        throw ValueMistake("a rate such as 10/m or 60/h burst 5: \(problem)")
      }
    }
  }
}
