package import IngestCore

/// JSON that the store keeps as text, inside a response. Its keys are not converted to snake case.
package struct StoredJSON: Hashable, Sendable {
  package let value: JSONValue

  /// A text that is not JSON becomes a JSON string.
  package init(_ text: String) { value = JSONValue(parsing: text) ?? .text(text) }

  private init(_ value: JSONValue) { self.value = value }
}

extension StoredJSON: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      value = .null
    } else if let bool = try? container.decode(Bool.self) {
      value = .bool(bool)
    } else if let integer = try? container.decode(Int.self) {
      value = .integer(integer)
    } else if let number = try? container.decode(Double.self) {
      value = .number(number)
    } else if let text = try? container.decode(String.self) {
      value = .text(text)
    } else if let elements = try? container.decode([StoredJSON].self) {
      value = .list(elements.map(\.value))
    } else {
      value = .object(try container.decode([String: StoredJSON].self).mapValues(\.value))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let elements): try container.encode(elements.map { StoredJSON($0) })
    case .object(let members): try container.encode(members.mapValues { StoredJSON($0) })
    }
  }
}
