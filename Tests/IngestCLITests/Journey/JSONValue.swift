import Foundation

/// Any JSON value, to read what `--json` prints.
enum JSONValue: Decodable, Hashable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSONValue].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: JSONValue].self))
    }
  }

  /// Parses the JSON of each line.
  static func lines(_ text: String) throws -> [JSONValue] {
    try text.split(separator: "\n").map { try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) }
  }

  subscript(_ key: String) -> JSONValue {
    if case .object(let values) = self { values[key] ?? .null } else { .null }
  }

  subscript(_ position: Int) -> JSONValue {
    if case .list(let values) = self, values.indices.contains(position) { values[position] } else { .null }
  }

  var keys: Set<String> { if case .object(let values) = self { Set(values.keys) } else { [] } }
  var text: String { if case .text(let value) = self { value } else { "" } }
  var int: Int? { if case .number(let value) = self { Int(value) } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var list: [JSONValue] { if case .list(let values) = self { values } else { [] } }
}
