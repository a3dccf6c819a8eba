internal import CCurl

/// Header fields in order. Their names are compared without regard to case.
///
/// The description has names only, because values can be secret keys.
package struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral, CustomStringConvertible, CustomReflectable {
  package private(set) var fields: [(name: String, value: String)]

  package init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { (name: $0.0, value: $0.1) }
  }

  /// The first value with this name. A new value replaces all values with the name; nil removes them.
  package subscript(name: String) -> String? {
    get { fields.first { Self.same($0.name, name) }?.value }
    set {
      fields.removeAll { Self.same($0.name, name) }
      if let newValue { fields.append((name, newValue)) }
    }
  }

  /// Returns the date of the field in seconds since 1970. Nil if there is none, or if it is not a date.
  package func date(_ name: String) -> Int? {
    guard let text = self[name] else { return nil }
    let seconds = curl_getdate(text, nil)
    return seconds < 0 ? nil : seconds
  }

  package mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

  package var description: String { "[" + fields.map { "\($0.name): ***" }.joined(separator: ", ") + "]" }
  package var customMirror: Mirror { Mirror(self, children: []) }

  private static func same(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8) { lower($0) == lower($1) }
  }

  private static func lower(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 32 : byte }
}
