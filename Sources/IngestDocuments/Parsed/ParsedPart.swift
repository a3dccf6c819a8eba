import IngestParserWire

/// A run of pages in the form in which they are stored. A document's parse is a list of parts, so that a crash loses
/// only the last.
package struct ParsedPart: Hashable, Sendable {
  package var pages: [ParsedPage]

  package init(pages: [ParsedPage]) { self.pages = pages }

  private static let format: UInt8 = 1

  /// Returns compact bytes for the blob store. Equal parts give equal bytes.
  package func encode() -> [UInt8] {
    var writer = ByteWriter(capacity: pages.reduce(16) { $0 + $1.text.utf8.count + 16 })
    writer.put(byte: Self.format)
    writer.put(pages.count)
    for page in pages {
      writer.put(optional: page.number)
      writer.put(page.text)
      writer.put(page.headings.count)
      for heading in page.headings {
        writer.put(heading.offset)
        writer.put(byte: UInt8(clamping: heading.level))
        writer.put(heading.title)
      }
    }
    return writer.bytes
  }

  /// - Throws: ``DocumentError/damagedResult(_:)`` if the bytes are not a part of this format.
  package init(decoding bytes: [UInt8]) throws {
    do {
      pages = try Self.decode(bytes)
    } catch {
      throw DocumentError.damagedResult(error.what)
    }
  }

  private static func decode(_ bytes: [UInt8]) throws(MalformedBytes) -> [ParsedPage] {
    var reader = ByteReader(bytes)
    guard try reader.byte() == format else { throw MalformedBytes("another format of parse results") }
    let count = try reader.count(ofAtLeast: 3)
    var pages: [ParsedPage] = []
    pages.reserveCapacity(count)
    for _ in 0..<count {
      let number = try reader.optionalNumber()
      let text = try reader.text()
      var headings: [Heading] = []
      for _ in 0..<(try reader.count(ofAtLeast: 3)) {
        headings.append(
          Heading(
            offset: try reader.number(upTo: text.utf8.count), level: Int(try reader.byte()), title: try reader.text()))
      }
      pages.append(ParsedPage(number: number, text: text, headings: headings))
    }
    guard reader.isAtEnd else { throw MalformedBytes("bytes after the end") }
    return pages
  }
}
