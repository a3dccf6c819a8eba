/// A scalar: its text, and its value by YAML 1.2's core schema.
///
/// In this schema `yes`, `no`, `on` and `off` are texts, `010` is ten, and only `0o10` is octal.
package struct YAMLScalar: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// Also an integer that does not fit in 64 bits.
    case number(Double)
    case text
  }

  package var text: String
  package var value: Value

  /// - Parameter plain: whether the scalar has no quotes and may thus be something other than text.
  package init(_ text: String, plain: Bool) {
    self.text = text
    value = plain ? Self.resolve(text) : .text
  }

  /// The kind of value for messages. Long texts are cut.
  package var kind: String {
    switch value {
    case .null: "nothing"
    case .bool: "the boolean \(text)"
    case .integer, .number: "the number \(text)"
    case .text: "the text \"\(text.count > 40 ? text.prefix(40) + "…" : text[...])\""
    }
  }

  private static func resolve(_ text: String) -> Value {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    default: break
    }
    let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
    let negative = text.first == "-"
    if [".inf", ".Inf", ".INF"].contains(unsigned) { return .number(negative ? -.infinity : .infinity) }
    if text.hasPrefix("0x") { return radix(text.dropFirst(2), 16) }
    if text.hasPrefix("0o") { return radix(text.dropFirst(2), 8) }
    guard isNumber(unsigned.utf8) else { return .text }
    if let integer = Int(text) { return .integer(integer) }
    return Double(text).map { .number($0) } ?? .text
  }

  private static func radix(_ digits: Substring, _ radix: Int) -> Value {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ isDigit($0, radix) }) else { return .text }
    return Int(digits, radix: radix).map { .integer($0) } ?? .number(.infinity)
  }

  private static func isDigit(_ byte: UInt8, _ radix: Int) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) < radix
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): radix == 16
    default: false
    }
  }

  /// Returns whether the text matches `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, a number in the core schema.
  private static func isNumber(_ bytes: Substring.UTF8View) -> Bool {
    var rest = bytes
    func digits() -> Int {
      let run = rest.prefix { isDigit($0, 10) }
      rest = rest.dropFirst(run.count)
      return run.count
    }
    func skip(_ allowed: String) -> Bool {
      guard let byte = rest.first, allowed.utf8.contains(byte) else { return false }
      rest = rest.dropFirst()
      return true
    }
    let whole = digits()
    let fraction = skip(".") ? digits() : 0
    guard whole + fraction > 0 else { return false }
    if skip("eE") {
      _ = skip("+-")
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
