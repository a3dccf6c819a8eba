/// The error for bytes that are cut short, too large, of another version, or not text.
package struct MalformedBytes: Error, Hashable, Sendable {
  package let what: String

  package init(_ what: String) { self.what = what }
}

/// A reader of values in bytes from an untrusted writer. It checks every length before it uses it.
package struct ByteReader: Sendable {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  package init(_ bytes: [UInt8], from start: Int = 0) {
    self.bytes = bytes
    position = start
    end = bytes.count
  }

  package init(_ bytes: [UInt8], within range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  package var isAtEnd: Bool { position == end }
  package var remaining: Int { end - position }

  package mutating func byte() throws(MalformedBytes) -> UInt8 {
    guard position < end else { throw MalformedBytes("cut short") }
    defer { position += 1 }
    return bytes[position]
  }

  /// Reads a number.
  /// - Parameter limit: the largest valid value here.
  package mutating func number(upTo limit: Int = .max) throws(MalformedBytes) -> Int {
    var value: UInt = 0
    var shift: UInt = 0
    while true {
      let next = try byte()
      guard shift < 63 else { throw MalformedBytes("number too large") }
      value |= UInt(next & 0x7F) << shift
      if next & 0x80 == 0 { break }
      shift += 7
    }
    guard value <= UInt(limit) else { throw MalformedBytes("number too large") }
    return Int(value)
  }

  package mutating func optionalNumber() throws(MalformedBytes) -> Int? {
    let value = try number()
    return value == 0 ? nil : value - 1
  }

  /// Reads text and refuses bytes that are not UTF-8.
  package mutating func text() throws(MalformedBytes) -> String {
    let range = try span()
    let text = bytes.withUnsafeBufferPointer {
      String(validating: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
    }
    guard let text else { throw MalformedBytes("not UTF-8") }
    return text
  }

  package mutating func blob() throws(MalformedBytes) -> [UInt8] { Array(bytes[try span()]) }

  /// Reads how many items follow, each of at least `size` bytes. A false count therefore cannot make the caller reserve
  /// memory.
  package mutating func count(ofAtLeast size: Int = 1) throws(MalformedBytes) -> Int {
    let count = try number()
    guard count <= remaining / max(1, size) else { throw MalformedBytes("more items than bytes") }
    return count
  }

  private mutating func span() throws(MalformedBytes) -> Range<Int> {
    let length = try number()
    guard length <= remaining else { throw MalformedBytes("cut short") }
    defer { position += length }
    return position..<position + length
  }
}
