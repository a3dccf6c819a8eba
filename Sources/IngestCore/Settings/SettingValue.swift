/// The value of a setting, checked against its ``SettingType``.
package enum SettingValue: Hashable, Sendable {
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case duration(Duration)
  case size(ByteSize)
  case rate(RateSpec)
  case list([SettingValue])
  case map([String: SettingValue])
}

extension SettingValue: CustomStringConvertible {
  /// The value as it is written in a file, without quotes.
  package var description: String {
    switch self {
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .text(let value): value
    case .duration(let value): value.compact
    case .size(let value): value.description
    case .rate(let value): value.description
    case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
    case .map(let values):
      "{\(values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    }
  }

  /// The value as a workflow definition stores it: durations as text, sizes as bytes.
  package var setting: Setting {
    switch self {
    case .bool(let value): .bool(value)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .text(let value): .text(value)
    case .duration(let value): .text(value.compact)
    case .size(let value): .integer(value.bytes)
    case .rate(let value): .text(value.description)
    case .list(let values): .list(values.map(\.setting))
    case .map(let values): .map(values.mapValues(\.setting))
    }
  }
}
