extension JSONValue {
  /// The largest number of nested lists and objects.
  package static let depthLimit = 64

  /// Parses one JSON text (RFC 8259). Nil for anything else, and past ``depthLimit``. Of a repeated key, the last one
  /// counts.
  package init?(parsing text: String) { self.init(parsing: Array(text.utf8)) }

  /// Parses JSON bytes.
  /// - Parameter bytes: UTF-8; other bytes are not JSON.
  package init?(parsing bytes: [UInt8]) {
    var parser = JSONParser(bytes)
    guard let value = parser.document() else { return nil }
    self = value
  }
}

/// A parser that reads JSON from front to back and stops at any mistake.
private struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() -> JSONValue? {
    guard let value = value(depth: 0) else { return nil }
    return peek() == nil ? value : nil
  }

  private mutating func value(depth: Int) -> JSONValue? {
    guard depth <= JSONValue.depthLimit, let byte = peek() else { return nil }
    switch byte {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return list(depth: depth)
    case UInt8(ascii: "\""): return string().map { .text($0) }
    case UInt8(ascii: "t"): return word("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return word("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return word("null") ? .null : nil
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> JSONValue? {
    position += 1
    var members: [String: JSONValue] = [:]
    if accept(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      guard peek() == UInt8(ascii: "\""), let key = string(), accept(UInt8(ascii: ":")),
        let value = value(depth: depth + 1)
      else { return nil }
      members[key] = value
    } while accept(UInt8(ascii: ","))
    return accept(UInt8(ascii: "}")) ? .object(members) : nil
  }

  private mutating func list(depth: Int) -> JSONValue? {
    position += 1
    var elements: [JSONValue] = []
    if accept(UInt8(ascii: "]")) { return .list(elements) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      elements.append(value)
    } while accept(UInt8(ascii: ","))
    return accept(UInt8(ascii: "]")) ? .list(elements) : nil
  }

  private mutating func string() -> String? {
    position += 1
    var run: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: run, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        run += UTF8.encode(scalar).map { Array($0) } ?? []
      case ..<0x20: return nil
      default: run.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard position < bytes.count else { return nil }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let first = hexadecimal() else { return nil }
      guard (0xD800...0xDBFF).contains(first) else {
        // Half of a surrogate pair stands for no character. Some programs write it for broken text, so it is read as
        // U+FFFD, the replacement character.
        return Unicode.Scalar(first) ?? "\u{FFFD}"
      }
      let before = position
      if bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
        position += 2
        if let second = hexadecimal(), (0xDC00...0xDFFF).contains(second) {
          return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        }
      }
      position = before
      return "\u{FFFD}"
    default: return nil
    }
  }

  private mutating func hexadecimal() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    let digits = bytes[position..<(position + 4)]
    guard digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-") else { return nil }
    position += 4
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  private mutating func number() -> JSONValue? {
    let start = position
    func digits(_ parser: inout Self) -> Int {
      let begin = parser.position
      while parser.position < parser.bytes.count, parser.bytes[parser.position] &- 48 < 10 { parser.position += 1 }
      return parser.position - begin
    }
    func at(_ parser: Self, _ allowed: String) -> Bool {
      parser.position < parser.bytes.count && allowed.utf8.contains(parser.bytes[parser.position])
    }
    if at(self, "-") { position += 1 }
    let whole = position
    let count = digits(&self)
    guard count > 0, count == 1 || bytes[whole] != UInt8(ascii: "0") else { return nil }
    var isWhole = true
    if at(self, ".") {
      isWhole = false
      position += 1
      guard digits(&self) > 0 else { return nil }
    }
    if at(self, "eE") {
      isWhole = false
      position += 1
      if at(self, "+-") { position += 1 }
      guard digits(&self) > 0 else { return nil }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else { return nil }
    return .number(value)
  }

  private mutating func word(_ text: StaticString) -> Bool {
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes[position...].starts(with: expected) else { return false }
    position += expected.count
    return true
  }

  /// Returns the first byte of the next token; nil at the end.
  private mutating func peek() -> UInt8? {
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
}
