/// A JSON value, which conditions compare and which the user's programs read and print.
package indirect enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number without a fraction that fits 64 bits.
  case integer(Int)
  /// Any other number; always finite.
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  /// The member of an object, or the element of a list at an index written in digits.
  package subscript(key: String) -> JSONValue? {
    switch self {
    case .object(let members): members[key]
    case .list(let elements): Int(key).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
    case .null, .bool, .integer, .number, .text: nil
    }
  }

  /// Returns whether two values are equal as JSON: `1` and `1.0` are the same number.
  package func equals(_ other: JSONValue) -> Bool {
    switch (self, other) {
    case (.integer(let left), .number(let right)), (.number(let right), .integer(let left)):
      Int(exactly: right) == left
    case (.list(let left), .list(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.equals($1) }
    case (.object(let left), .object(let right)):
      left.count == right.count && left.allSatisfy { key, value in right[key].map(value.equals) ?? false }
    default: self == other
    }
  }

  /// Returns whether this value is less than the other: numbers by size, texts by their Unicode scalars. Nil for values
  /// that have no order.
  package func precedes(_ other: JSONValue) -> Bool? {
    switch (self, other) {
    case (.integer(let left), .integer(let right)): left < right
    case (.integer(let left), .number(let right)): Double(left) < right
    case (.number(let left), .integer(let right)): left < Double(right)
    case (.number(let left), .number(let right)): left < right
    case (.text(let left), .text(let right)): Self.precedes(left, right)
    default: nil
    }
  }

  /// Compares by Unicode scalars. `<` treats equivalent spellings of a character as equal, and then does not order the
  /// text after them.
  fileprivate static func precedes(_ left: String, _ right: String) -> Bool {
    left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
  }
}

/// JSON in one line, with sorted keys.
extension JSONValue: CustomStringConvertible {
  package var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): Self.quoted(value)
    case .list(let elements): "[" + elements.map(\.description).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.sorted { Self.precedes($0.key, $1.key) }.map { "\(Self.quoted($0.key)):\($0.value)" }
        .joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
