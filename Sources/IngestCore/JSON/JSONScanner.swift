/// A scanner that reads JSON (RFC 8259) from start to end, value by value, and builds no tree: a general decoder needs
/// seconds for a response with three million numbers. ``value()`` builds a tree where one is wanted.
///
/// ``number()`` is lenient in one thing: it reads `NaN`, `Infinity` and `null` in place of numbers, because servers
/// print them and the caller should be able to report that.
package struct JSONScanner {
  /// An error at this byte: it is not JSON, or not the expected kind of value.
  package struct Malformed: Error, Hashable {
    package var position: Int

    package init(position: Int) { self.position = position }
  }

  let bytes: [UInt8]
  package internal(set) var position = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads an object. `field` gets each key as it is written, and must read or skip its value.
  package mutating func object(_ field: (inout Self, ArraySlice<UInt8>) throws -> Void) throws {
    try expect(UInt8(ascii: "{"))
    if accept(UInt8(ascii: "}")) { return }
    repeat {
      let key = try string()
      try expect(UInt8(ascii: ":"))
      try field(&self, key)
    } while accept(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
  }

  /// Reads an array. `element` must read or skip one value.
  package mutating func array(_ element: (inout Self) throws -> Void) throws {
    try expect(UInt8(ascii: "["))
    if accept(UInt8(ascii: "]")) { return }
    repeat { try element(&self) } while accept(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
  }

  /// Reads a string. Returns the bytes between the quotes, with escapes not decoded.
  package mutating func string() throws -> ArraySlice<UInt8> {
    try expect(UInt8(ascii: "\""))
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return bytes[start..<(position - 1)]
      case UInt8(ascii: "\\"): position += 2
      default: position += 1
      }
    }
    throw Malformed(position: start)
  }

  /// Whether the next value is a string.
  package mutating func isString() -> Bool { peek() == UInt8(ascii: "\"") }

  /// Whether the next value is an object.
  package mutating func isObject() -> Bool { peek() == UInt8(ascii: "{") }

  /// Reads one value and checks only its structure.
  package mutating func skip() throws { try skip(depth: 0) }

  private mutating func skip(depth: Int) throws {
    guard depth <= JSONValue.depthLimit else { throw Malformed(position: position) }
    switch peek() {
    case UInt8(ascii: "{"): try object { scanner, _ in try scanner.skip(depth: depth + 1) }
    case UInt8(ascii: "["): try array { try $0.skip(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    default: _ = try number()
    }
  }

  /// Reads a number. The last bit of the `Double` may be wrong.
  package mutating func number() throws -> Double {
    let first = peek()
    let start = position
    let negative = first == UInt8(ascii: "-")
    if negative { position += 1 }
    var mantissa: UInt64 = 0
    var exponent = 0
    var digits = 0
    var seen = false
    while position < bytes.count, Self.isDigit(bytes[position]) {
      take(bytes[position], &mantissa, &digits) { exponent += 1 }
      position += 1
      seen = true
    }
    guard seen else { return try word(negative: negative, start: start) }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      let fraction = position
      while position < bytes.count, Self.isDigit(bytes[position]) {
        exponent -= 1
        take(bytes[position], &mantissa, &digits) { exponent += 1 }
        position += 1
      }
      guard position > fraction else { throw Malformed(position: start) }
    }
    if position < bytes.count, bytes[position] | 32 == UInt8(ascii: "e") {
      position += 1
      let minus = position < bytes.count && bytes[position] == UInt8(ascii: "-")
      if minus || position < bytes.count && bytes[position] == UInt8(ascii: "+") { position += 1 }
      var value = 0
      let begin = position
      while position < bytes.count, Self.isDigit(bytes[position]) {
        value = min(100_000, value * 10 + Int(bytes[position] - 48))
        position += 1
      }
      guard position > begin else { throw Malformed(position: start) }
      exponent += minus ? -value : value
    }
    let magnitude = Self.scaled(mantissa, exponent)
    return negative ? -magnitude : magnitude
  }

  /// Checks that only white space follows.
  package mutating func end() throws {
    guard peek() == nil else { throw Malformed(position: position) }
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  // Nineteen digits exceed the precision of a Double. Further digits only move the decimal point.
  private func take(_ digit: UInt8, _ mantissa: inout UInt64, _ digits: inout Int, dropped: () -> Void) {
    guard digits < 19 else { return dropped() }
    mantissa = mantissa * 10 + UInt64(digit - 48)
    if mantissa > 0 { digits += 1 }
  }

  private static let powers: [Double] = (0...22).map { power in
    (0..<power).reduce(1.0) { value, _ in value * 10 }
  }

  private static func scaled(_ mantissa: UInt64, _ exponent: Int) -> Double {
    switch exponent {
    case 0: Double(mantissa)
    case 1...22: Double(mantissa) * powers[exponent]
    case -22 ... -1: Double(mantissa) / powers[-exponent]
    default: Double("\(mantissa)e\(exponent)") ?? (exponent < 0 ? 0 : .infinity)
    }
  }

  private mutating func word(negative: Bool, start: Int) throws -> Double {
    switch peek() {
    case UInt8(ascii: "N"): try literal("NaN")
    case UInt8(ascii: "n") where !negative: try literal("null")
    case UInt8(ascii: "I"):
      try literal("Infinity")
      return negative ? -.infinity : .infinity
    default: throw Malformed(position: start)
    }
    return .nan
  }

  mutating func literal(_ text: StaticString) throws {
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes[position...].starts(with: expected) else { throw Malformed(position: position) }
    position += expected.count
  }

  /// Returns the first byte of the next token. Nil at the end.
  mutating func peek() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 32, 9, 10, 13: position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  private mutating func accept(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws {
    guard accept(byte) else { throw Malformed(position: position) }
  }
}
