/// What a setting may be: the type with its bounds.
package enum SettingType: Hashable, Sendable {
  case bool
  case integer(ClosedRange<Int>)
  /// Whole numbers are numbers too; infinities and NaN never are.
  case number(ClosedRange<Double>)
  /// `2%`: from none to all.
  case percentage
  /// At most so many Unicode scalars, no control characters but, for prefixes, line ends and tabs.
  case text(maximum: Int)
  case choice([String])
  case duration(ClosedRange<Duration>)
  /// A duration, or `forever`.
  case retention(ClosedRange<Duration>)
  case size(ClosedRange<ByteSize>)
  /// `[a-z0-9-]{1,64}`.
  case name
  /// The name of a source or an index, as ``NameRule`` has it.
  case label(maximum: Int)
  /// `60/m`, `1/4h burst 5`: a ``RateSpec``.
  case rate
  /// What a limit is counted by: a ``LimitKey``.
  case limitKey
  /// A path of at most 4,096 bytes; in a file, relative to the file's own folder.
  case path
  /// `http` or `https`, a host, and no password within.
  case address
  /// The name of an environment variable.
  case variable
  /// A path from the root.
  case absolutePath
  /// RFC 3339.
  case time
  /// Where a value stands among what a job knows, such as `steps.list.items`.
  case valuePath
  /// A number of things, or a share of them in percent: `10`, `95%`.
  case share
  /// So many of one type.
  indirect case list(SettingType, ClosedRange<Int>)
  /// Values of one type by keys of one kind, at most 100.
  indirect case map(KeyKind, SettingType)

  /// What the keys of a map may be.
  package enum KeyKind: Hashable, Sendable {
    case variable
    /// Of HTTP.
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

  /// What it expects, in a cell of a table whose reader knows durations and sizes.
  package var bounds: String {
    switch self {
    case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .duration(let range): "\(range.lowerBound.compact) to \(range.upperBound.compact)"
    case .retention(let range): "\(range.lowerBound.compact) to \(range.upperBound.compact), or `forever`"
    case .size(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .choice(let names): names.map { "`\($0)`" }.formattedChoice
    case .name: "a name"
    case .label: "the name of a source or index"
    case .rate: "a limit such as `60/m` or `1/4h burst 5`"
    case .limitKey: "`source`, `index`, `workflow`, `provider`, `tenant`, `document` or `meta.NAME`"
    case .list(let element, let range): "\(range.lowerBound) to \(range.upperBound) of: \(element.bounds)"
    case .map(let keys, let value): "\(keys.expected), each with \(value.bounds)"
    case .bool, .number, .percentage, .text, .path, .address, .variable, .absolutePath, .time, .valuePath, .share:
      expected
    }
  }

  /// What it expects, as the end of a sentence.
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
  /// `a`, `a or b`, `a, b or c`.
  fileprivate var formattedChoice: String {
    guard count > 1, let last else { return first ?? "nothing" }
    return dropLast().joined(separator: ", ") + " or " + last
  }
}
