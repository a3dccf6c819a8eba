/// A whole document's text: the texts of its pages with ``pageSeparator`` between them, and the positions of pages and
/// headings.
///
/// Offsets count Unicode scalars, as everywhere in the public interface. The text is stored as UTF-8 with a sparse map
/// between the two, so the cost of a slice depends only on its own length.
package struct DocumentText: Sendable {
  /// The text between two pages, whether or not they have text.
  package static let pageSeparator = "\n\n"

  package struct Page: Hashable, Sendable {
    /// Page number from 1; nil for texts without pages.
    package var number: Int?
    /// Start of the page's text, in scalars.
    package var start: Int
  }

  package private(set) var pages: [Page] = []
  /// Headings in the order of the text, with offsets in the document.
  package private(set) var headings: [Heading] = []
  package private(set) var scalarCount = 0
  private(set) var utf8: [UInt8] = []
  /// The byte offset of each `stride`-th scalar; empty while all is ASCII.
  private var marks: [Int] = []
  private var isASCII = true
  private static let stride = 512

  package init(parts: [ParsedPart]) {
    let size = parts.reduce(0) { $0 + $1.pages.reduce(0) { $0 + $1.text.utf8.count + 2 } }
    utf8.reserveCapacity(size)
    for part in parts {
      for page in part.pages { append(page) }
    }
    if !isASCII { mark() }
  }

  package var text: String { String(decoding: utf8, as: UTF8.self) }

  /// Returns the text of a half-open span in scalars. Parts outside the document are left out.
  package func slice(_ span: Range<Int>) -> String {
    let range = span.clamped(to: 0..<scalarCount)
    let start = byte(of: range.lowerBound)
    let end = byte(of: range.upperBound)
    return utf8.withUnsafeBufferPointer { String(decoding: $0[start..<end], as: UTF8.self) }
  }

  /// Returns the number of the page that contains this scalar.
  package func page(at scalar: Int) -> Int? {
    var low = 0
    var high = pages.count
    while low < high {
      let middle = (low + high) / 2
      if pages[middle].start <= scalar { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? pages.first?.number : pages[low - 1].number
  }

  private mutating func append(_ page: ParsedPage) {
    if !pages.isEmpty {
      utf8.append(contentsOf: Self.pageSeparator.utf8)
      scalarCount += Self.pageSeparator.utf8.count
    }
    pages.append(Page(number: page.number, start: scalarCount))
    var text = page.text
    let count = text.withUTF8 { buffer in
      utf8.append(contentsOf: buffer)
      return buffer.scalarCount
    }
    if count != text.utf8.count { isASCII = false }
    for heading in page.headings {
      headings.append(
        Heading(offset: scalarCount + min(heading.offset, count), level: heading.level, title: heading.title))
    }
    scalarCount += count
  }

  private mutating func mark() {
    marks.reserveCapacity(scalarCount / Self.stride + 1)
    var scalar = 0
    for (offset, byte) in utf8.enumerated() where byte & 0xC0 != 0x80 {
      if scalar % Self.stride == 0 { marks.append(offset) }
      scalar += 1
    }
  }

  private func byte(of scalar: Int) -> Int {
    guard !isASCII else { return scalar }
    guard scalar < scalarCount else { return utf8.count }
    var offset = marks[scalar / Self.stride]
    var rest = scalar % Self.stride
    while rest > 0 {
      offset += UTF8Length.ofScalar(startingWith: utf8[offset])
      rest -= 1
    }
    return offset
  }
}

enum UTF8Length {
  /// Returns the number of bytes of the scalar that starts with this byte. The text must be valid UTF-8.
  static func ofScalar(startingWith byte: UInt8) -> Int {
    byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Number of Unicode scalars in this UTF-8.
  var scalarCount: Int {
    var continuation = 0
    for byte in self { continuation += byte & 0xC0 == 0x80 ? 1 : 0 }
    return count - continuation
  }
}
