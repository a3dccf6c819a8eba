package import IngestCore

/// One generation of one index. Back ends name their files, collections and tables after it.
///
/// Numbers are never reused, so a deleted name is never used again.
package struct GenerationName: Hashable, Sendable, CustomStringConvertible {
  package var index: String
  /// The generation's number, from 1.
  package var number: Int

  package init(index: String, number: Int) {
    self.index = index
    self.number = number
  }

  package init(_ generation: Generation) {
    self.init(index: generation.index, number: generation.number)
  }

  /// The name as text, such as `docs-g0003`. Letters, digits, `-` and `_` of the index stay as they are. Every other
  /// byte is percent-encoded, such as `%2F`, so that the name is a single path component wherever it is used.
  package var description: String {
    var text = ""
    for byte in index.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += digits.utf8.count == 1 ? "%0" + digits : "%" + digits
      }
    }
    let digits = String(number)
    return text + "-g" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
