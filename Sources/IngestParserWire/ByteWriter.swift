/// A writer that puts values one after another into bytes: whole numbers as LEB128, texts with their length in front.
package struct ByteWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  package mutating func put(byte: UInt8) { bytes.append(byte) }

  /// - Precondition: the number is not negative.
  package mutating func put(_ number: Int) {
    var rest = UInt(number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Writes nil as 0, and other numbers plus one.
  package mutating func put(optional number: Int?) { put(number.map { $0 + 1 } ?? 0) }

  package mutating func put(_ text: String) {
    var text = text
    text.withUTF8 { buffer in
      put(buffer.count)
      bytes.append(contentsOf: buffer)
    }
  }

  package mutating func put(_ blob: [UInt8]) {
    put(blob.count)
    bytes.append(contentsOf: blob)
  }

  package mutating func put(raw blob: [UInt8]) { bytes.append(contentsOf: blob) }
}
