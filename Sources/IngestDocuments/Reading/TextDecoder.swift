/// A decoder that turns a text file's bytes into clean text.
///
/// Cleaning covers line ends (LF), the byte-order mark, control characters, soft hyphens, zero-width and no-break
/// spaces, form feeds (a blank line), and Latin ligatures. Nothing else is normalised, because authors mean what they
/// type. Typeset forms come from PDF, where the parser converts them to NFKC.
package enum TextDecoder {
  /// - Throws: ``DocumentError/undecodable(name:offset:)``.
  package static func decode(_ bytes: [UInt8], name: String) throws(DocumentError) -> String {
    let prefix = Array(bytes.prefix(Sniffer.prefixLength))
    switch Sniffer.encoding(of: prefix) {
    case .utf8:
      let text = bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
      if let text { return clean(text) }
      // The start is UTF-8 but a later part is not: an old encoding, unless it is not text at all.
      if let zero = bytes.firstIndex(of: 0) { throw .undecodable(name: name, offset: zero) }
      return clean(windows1252(bytes))
    case .windows1252:
      if let zero = bytes.firstIndex(of: 0) { throw .undecodable(name: name, offset: zero) }
      return clean(windows1252(bytes))
    case .utf16LittleEndian: return clean(utf16(bytes, low: 0))
    case .utf16BigEndian: return clean(utf16(bytes, low: 1))
    case nil: throw .undecodable(name: name, offset: bytes.firstIndex { $0 < 9 } ?? 0)
    }
  }

  private static func utf16(_ bytes: [UInt8], low: Int) -> String {
    let units = (0..<bytes.count / 2).map { UInt16(bytes[2 * $0 + low]) | UInt16(bytes[2 * $0 + 1 - low]) << 8 }
    return String(decoding: units, as: UTF16.self)
  }

  private static func windows1252(_ bytes: [UInt8]) -> String {
    var text = ""
    text.reserveCapacity(bytes.count + bytes.count / 8)
    for byte in bytes {
      let value = (0x80...0x9F).contains(byte) ? table[Int(byte) - 0x80] : UInt32(byte)
      text.unicodeScalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    }
    return text
  }

  private static let table: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F,
    0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E,
    0x178,
  ]

  /// Cleans a text. ASCII bytes are mostly copied as they are; only a few characters need a closer check.
  static func clean(_ text: String) -> String {
    var text = text
    var out: [UInt8] = []
    text.withUTF8 { bytes in
      out.reserveCapacity(bytes.count)
      var offset = 0
      while offset < bytes.count {
        let byte = bytes[offset]
        if byte < 0x80 {
          clean(ascii: byte, next: offset + 1 < bytes.count ? bytes[offset + 1] : 0, into: &out)
          offset += 1
        } else {
          let length = UTF8Length.ofScalar(startingWith: byte)
          clean(bytes[offset..<offset + length], into: &out)
          offset += length
        }
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func clean(ascii byte: UInt8, next: UInt8, into out: inout [UInt8]) {
    switch byte {
    case 0x20...0x7E, 0x09, 0x0A: out.append(byte)
    case 0x0D: if next != 0x0A { out.append(0x0A) }
    case 0x0C: out.append(contentsOf: [0x0A, 0x0A])
    case 0x0B: out.append(0x0A)
    default: break
    }
  }

  private static func clean(_ scalar: Slice<UnsafeBufferPointer<UInt8>>, into out: inout [UInt8]) {
    if scalar.count > 3 {
      out.append(contentsOf: scalar)
      return
    }
    var value = UInt32(scalar[scalar.startIndex]) & (0xFF >> UInt32(scalar.count + 1))
    for byte in scalar.dropFirst() { value = value << 6 | UInt32(byte & 0x3F) }
    switch value {
    case 0x85, 0x2028: out.append(0x0A)
    case 0x2029: out.append(contentsOf: [0x0A, 0x0A])
    case 0x80...0x9F, 0xAD, 0x200B, 0x2060, 0xFEFF, 0xFFFE: break
    case 0xA0, 0x202F, 0x2007: out.append(0x20)
    case 0xFB00...0xFB06: out.append(contentsOf: ligatures[Int(value - 0xFB00)].utf8)
    default: out.append(contentsOf: scalar)
    }
  }

  private static let ligatures = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"]
}
