/// The type of a setting, with its bounds.
package enum SettingType: Hashable, Sendable {
  case bool
  case integer(ClosedRange<Int>)
  /// Accepts whole numbers too, but never infinities or NaN.
  case number(ClosedRange<Double>)
  /// `2%`: from 0% to 100%.
  case percentage
  /// A text of at most `maximum` Unicode scalars, without control characters. Prefixes may contain line ends and tabs.
  case text(maximum: Int)
  case choice([String])
  case duration(ClosedRange<Duration>)
  /// A duration, or `forever`.
  case retention(ClosedRange<Duration>)
  case size(ClosedRange<ByteSize>)
  /// `[a-z0-9-]{1,64}`.
  case name
  /// The name of a source or an index, as ``NameRule`` defines it.
  case label(maximum: Int)
  /// `60/m`, `1/4h burst 5`: a ``RateSpec``.
  case rate
  /// The key that a limit is counted by: a ``LimitKey``.
  case limitKey
  /// A path of at most 4,096 bytes; in a file, relative to the file's own folder.
  case path
  /// `http` or `https`, a host, and no password.
  case address
  /// The name of an environment variable.
  case variable
  /// A path that begins with `/`.
  case absolutePath
  /// A time as RFC 3339.
  case time
  /// The path of a value among a job's data, such as `steps.list.items`.
  case valuePath
  /// A number of items, or a share of them in percent: `10`, `95%`.
  case share
  /// A list of one type, with bounds on its length.
  indirect case list(SettingType, ClosedRange<Int>)
  /// A mapping from keys of one kind to values of one type, with at most 100 entries.
  indirect case map(KeyKind, SettingType)

  /// The kind of keys of a mapping.
  package enum KeyKind: Hashable, Sendable {
    case variable
    /// The name of an HTTP header.
    case header
    case choice([String])
  }

  package static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || $0 == UInt8(ascii: "-")
      }
  }

  /// The expected values, as the end of a sentence.
  package var expected: String {
    switch self {
    case .bool: "true or false"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range):
      "a number from \(SettingValue.number(range.lowerBound)) to \(SettingValue.number(range.upperBound))"
    case .percentage: "a share such as 2% or 0.5%, from 0% to 100%"
    case .text(let maximum): "text of at most \(maximum) characters"
    case .choice(let names): names.formattedChoice
    case .duration(let range):
      "a duration such as 500ms, 10s or 1h30m, from \(range.lowerBound.compact) to \(range.upperBound.compact)"
    case .retention(let range):
      "forever or a duration such as 12h or 7d, from \(range.lowerBound.compact) to \(range.upperBound.compact)"
    case .size(let range): "a size such as 512MiB or 10MB, from \(range.lowerBound) to \(range.upperBound)"
    case .name: "a name of 1 to 64 characters out of a-z, 0-9 and -"
    case .label(let maximum):
      "a name of 1 to \(maximum) letters, digits, '.', '_' or '-' that begins with a letter or digit"
    case .rate: "a limit such as 60/m, 1/4h or 10 per 30s, followed by burst 5 if some may start at once"
    case .limitKey: "source, index, workflow, provider, tenant, document or meta.NAME"
    case .path: "a path"
    case .address: "an address such as https://host:port/path, without a password"
    case .variable: "the name of an environment variable"
    case .absolutePath: "a path that begins with /"
    case .time: "a time such as 2026-12-24T18:00:00Z"
    case .valuePath: "the path of a value, such as steps.ID.items or task.items"
    case .share: "a number such as 10, or a share such as 95%"
    case .list(let element, let range):
      "a list of \(range.lowerBound) to \(range.upperBound), each \(element.expected)"
    case .map(let keys, let value): "a mapping of \(keys.expected), each with \(value.expected)"
    }
  }
}

extension SettingType.KeyKind {
  package var expected: String {
    switch self {
    case .variable: "names of environment variables"
    case .header: "names of HTTP headers"
    case .choice(let names): names.formattedChoice
    }
  }
}

extension [String] {
  /// The names as `a`, `a or b`, or `a, b or c`.
  fileprivate var formattedChoice: String {
    guard count > 1, let last else { return first ?? "nothing" }
    return dropLast().joined(separator: ", ") + " or " + last
  }
}
