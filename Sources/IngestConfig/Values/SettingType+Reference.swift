import IngestCore

extension SettingType {
  /// The type in a word or two, for a table.
  var typeName: String {
    switch self {
    case .bool: "boolean"
    case .integer: "integer"
    case .number: "number"
    case .percentage: "percentage"
    case .text: "text"
    case .choice: "choice"
    case .duration: "duration"
    case .retention: "duration or `forever`"
    case .size: "size"
    case .name, .label: "name"
    case .rate: "limit"
    case .limitKey: "key of a limit"
    case .path: "path"
    case .address: "URL"
    case .variable: "name of a variable"
    case .absolutePath: "absolute path"
    case .time: "time"
    case .valuePath: "path of a value"
    case .share: "number or percentage"
    case .list(let element, _): "list of: \(element.typeName)"
    case .map(_, let value): "mapping to: \(value.typeName)"
    }
  }

  /// The accepted values, for a table. Empty where the type says all.
  var bounds: String {
    switch self {
    case .bool: "`true` or `false`"
    case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .number(let range):
      "\(SettingValue.number(range.lowerBound)) to \(SettingValue.number(range.upperBound))"
    case .percentage: "`0%` to `100%`, such as `0.5%`"
    case .text(let maximum): "at most \(maximum) characters"
    case .choice(let names): Self.choice(names)
    case .duration(let range), .retention(let range): "\(range.lowerBound.compact) to \(range.upperBound.compact)"
    case .size(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .name: "1 to 64 of `a-z`, `0-9` and `-`"
    case .label(let maximum): "1 to \(maximum) letters, digits, `.`, `_` and `-`; a letter or digit first"
    case .rate: "such as `60/m` or `1/4h burst 5`"
    case .limitKey: "`source`, `index`, `workflow`, `provider`, `tenant`, `document` or `meta.NAME`"
    case .address: "`http` or `https`, without a password"
    case .absolutePath: "begins with `/`"
    case .time: "RFC 3339, such as `2026-12-24T18:00:00Z`"
    case .valuePath: "such as `steps.ID.items` or `task.items`"
    case .share: "such as `10` or `95%`"
    case .path, .variable: ""
    case .list(let element, let range):
      "\(range.lowerBound) to \(range.upperBound) entries" + (element.bounds.isEmpty ? "" : ", each \(element.bounds)")
    case .map(let keys, let value):
      "keys: \(keys.bounds)" + (value.bounds.isEmpty ? "" : "; values: \(value.bounds)")
    }
  }

  fileprivate static func choice(_ names: [String]) -> String {
    let names = names.map { "`\($0)`" }
    guard names.count > 1, let last = names.last else { return names.joined() }
    return names.dropLast().joined(separator: ", ") + " or " + last
  }
}

extension SettingType.KeyKind {
  fileprivate var bounds: String {
    switch self {
    case .variable, .header: expected
    case .choice(let names): SettingType.choice(names)
    }
  }
}
