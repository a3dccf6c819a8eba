extension JSONValue {
  /// The largest number of nested lists and objects. Each level takes a frame of the call stack.
  package static let depthLimit = 64

  /// Parses one JSON text (RFC 8259). Nil for anything else, and past ``depthLimit``. Of a repeated key, the last one
  /// counts.
  package init?(parsing text: String) { self.init(parsing: Array(text.utf8)) }

  /// Parses JSON bytes.
  /// - Parameter bytes: UTF-8; other bytes are not JSON.
  package init?(parsing bytes: [UInt8]) {
    var scanner = JSONScanner(bytes)
    guard let value = try? scanner.value(), (try? scanner.end()) != nil else { return nil }
    self = value
  }
}

extension JSONScanner {
  /// Reads one value as a tree. Stricter than ``skip()`` and ``number()``: text is valid UTF-8 with valid escapes, and
  /// numbers are those of RFC 8259, finite, with all the digits of 64-bit integers.
  mutating func value() throws -> JSONValue { try value(depth: 0) }

  private mutating func value(depth: Int) throws -> JSONValue {
    guard depth <= JSONValue.depthLimit else { throw Malformed(position: position) }
    switch peek() {
    case UInt8(ascii: "{"):
      var members: [String: JSONValue] = [:]
      try object { scanner, key in members[try Self.text(key)] = try scanner.value(depth: depth + 1) }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try array { elements.append(try $0.value(depth: depth + 1)) }
      return .list(elements)
    case UInt8(ascii: "\""): return .text(try Self.text(string()))
    case UInt8(ascii: "t"):
      try literal("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try literal("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try literal("null")
      return .null
    default: return try exactNumber()
    }
  }

  private mutating func exactNumber() throws -> JSONValue {
    let start = position
    _ = try number()
    let text = bytes[start..<position]
    let whole = text.drop { $0 == UInt8(ascii: "-") }.prefix { Self.isDigit($0) }
    guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else {
      throw Malformed(position: start)
    }
    let string = String(decoding: text, as: UTF8.self)
    if let value = Int(string) { return .integer(value) }
    guard let value = Double(string), value.isFinite else { throw Malformed(position: start) }
    return .number(value)
  }

  /// Returns the text of a scanned string, with its escapes decoded.
  /// - Parameter raw: the bytes between the quotes.
  private static func text(_ raw: ArraySlice<UInt8>) throws -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(raw.count)
    var rest = raw
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\\"):
        guard let scalar = escape(&rest) else { throw Malformed(position: rest.startIndex) }
        decoded += UTF8.encode(scalar).map { Array($0) } ?? []
      case ..<0x20: throw Malformed(position: rest.startIndex - 1)
      default: decoded.append(byte)
      }
    }
    guard let text = String(validating: decoded, as: UTF8.self) else { throw Malformed(position: raw.startIndex) }
    return text
  }

  /// Returns the character of an escape, whose backslash has been read. Nil if there is no such escape.
  private static func escape(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
    guard let byte = rest.popFirst() else { return nil }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let first = hexadecimal(&rest) else { return nil }
      guard (0xD800...0xDBFF).contains(first) else {
        // Half of a surrogate pair stands for no character. Some programs write it for broken text, so it is read as
        // U+FFFD, the replacement character.
        return Unicode.Scalar(first) ?? "\u{FFFD}"
      }
      var next = rest
      guard next.popFirst() == UInt8(ascii: "\\"), next.popFirst() == UInt8(ascii: "u"),
        let second = hexadecimal(&next), (0xDC00...0xDFFF).contains(second)
      else { return "\u{FFFD}" }
      rest = next
      return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    default: return nil
    }
  }

  private static func hexadecimal(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
    let digits = rest.prefix(4)
    guard digits.count == 4, digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-") else { return nil }
    rest = rest.dropFirst(4)
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
