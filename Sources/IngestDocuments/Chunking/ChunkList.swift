package import IngestCore
import IngestParserWire

/// The positions of a document's chunks without their text, for the blob store. The document has the text.
package struct ChunkList: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    /// Half-open span in scalars of the document's text.
    package var start: Int
    package var end: Int
    package var page: Int?
    package var tokens: Int
    /// Index into ``headings``.
    package var heading: Int
  }

  package private(set) var entries: [Entry]
  /// The heading paths that occur, each once.
  package private(set) var headings: [[String]]

  private static let format: UInt8 = 1

  package init(_ chunks: [Chunk]) {
    var headings: [[String]] = []
    var known: [[String]: Int] = [:]
    entries = chunks.map { chunk in
      let place = known[chunk.heading] ?? headings.count
      if place == headings.count {
        headings.append(chunk.heading)
        known[chunk.heading] = place
      }
      return Entry(start: chunk.start, end: chunk.end, page: chunk.page, tokens: chunk.tokens, heading: place)
    }
    self.headings = headings
  }

  package var count: Int { entries.count }

  /// Returns the chunks with their text.
  package func chunks(with document: DocumentText) -> [Chunk] {
    entries.enumerated().map { ordinal, entry in
      Chunk(
        ordinal: ordinal, start: entry.start, end: entry.end, page: entry.page, heading: headings[entry.heading],
        tokens: entry.tokens, text: document.slice(entry.start..<entry.end))
    }
  }

  package func encode() -> [UInt8] {
    var writer = ByteWriter(capacity: 16 + entries.count * 10)
    writer.put(byte: Self.format)
    writer.put(headings.count)
    for path in headings {
      writer.put(path.count)
      for title in path { writer.put(title) }
    }
    writer.put(entries.count)
    for entry in entries {
      writer.put(entry.start)
      writer.put(entry.end - entry.start)
      writer.put(optional: entry.page)
      writer.put(entry.tokens)
      writer.put(entry.heading)
    }
    return writer.bytes
  }

  /// - Throws: ``DocumentError/damagedResult(_:)`` if the bytes are not a list of this format.
  package init(decoding bytes: [UInt8]) throws {
    do {
      (entries, headings) = try Self.decode(bytes)
    } catch {
      throw DocumentError.damagedResult(error.what)
    }
  }

  private static func decode(_ bytes: [UInt8]) throws(MalformedBytes) -> ([Entry], [[String]]) {
    var reader = ByteReader(bytes)
    guard try reader.byte() == format else { throw MalformedBytes("another format of chunk lists") }
    var headings: [[String]] = []
    for _ in 0..<(try reader.count()) {
      var path: [String] = []
      for _ in 0..<(try reader.count()) { path.append(try reader.text()) }
      headings.append(path)
    }
    let count = try reader.count(ofAtLeast: 5)
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      let start = try reader.number(upTo: Int.max / 2)
      let length = try reader.number(upTo: Int.max / 2)
      let page = try reader.optionalNumber()
      let tokens = try reader.number()
      let heading = try reader.number()
      guard heading < headings.count else { throw MalformedBytes("a heading that is not there") }
      entries.append(Entry(start: start, end: start + length, page: page, tokens: tokens, heading: heading))
    }
    guard reader.isAtEnd else { throw MalformedBytes("bytes after the end") }
    return (entries, headings)
  }
}
