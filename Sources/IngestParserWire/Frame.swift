/// The format of the bytes between `ingestd` and `ingestd-parse`: four bytes of length, little-endian, one byte of
/// kind, then the payload. Neither side trusts the other: lengths are checked before anything is stored.
package enum Frame {
  /// Version of the protocol; a part of the hello.
  package static let protocolVersion = 1
  /// Maximum number of bytes in a frame. Other limits cut a page's text far below it.
  package static let limit = 256 * 1024 * 1024
  private static let magic: [UInt8] = Array("INGP".utf8)

  private enum Kind: UInt8 {
    case hello = 1
    case document
    case page
    case done
    case refused
    case request = 0x40
  }

  package static func encode(_ request: ParserRequest) -> [UInt8] {
    frame(.request) { writer in
      writer.put(request.size)
      writer.put(request.firstPage)
      writer.put(request.pageLimit)
      writer.put(request.textLimit)
      writer.put(request.ratioLimit)
      writer.put(byte: request.password == nil ? 0 : 1)
      writer.put(request.password ?? [])
    }
  }

  package static func encode(_ reply: ParserReply) -> [UInt8] {
    switch reply {
    case .hello(let version):
      frame(.hello) { writer in
        writer.put(raw: magic)
        writer.put(protocolVersion)
        writer.put(version)
      }
    case .document(let document):
      frame(.document) { writer in
        writer.put(document.pageCount)
        writer.put(document.title)
        writer.put(document.author)
      }
    case .page(let page):
      frame(.page, capacity: page.text.utf8.count + 64) { writer in
        writer.put(page.number)
        writer.put(page.text)
        writer.put(page.headings.count)
        for heading in page.headings {
          writer.put(heading.offset)
          writer.put(byte: UInt8(clamping: heading.level))
          writer.put(heading.title)
        }
      }
    case .done:
      frame(.done) { _ in }
    case .refused(let refusal):
      frame(.refused) { writer in
        writer.put(byte: refusal.reason.rawValue)
        writer.put(optional: refusal.page)
        writer.put(refusal.detail)
      }
    }
  }

  /// Takes the first complete frame; nil until all of it has arrived.
  package static func nextReply(in bytes: [UInt8], at position: inout Int) throws(MalformedBytes) -> ParserReply? {
    guard var reader = try payload(of: bytes, at: &position) else { return nil }
    guard let kind = Kind(rawValue: try reader.byte()) else { throw MalformedBytes("unknown frame") }
    let reply: ParserReply
    switch kind {
    case .hello: reply = .hello(version: try hello(&reader))
    case .document:
      reply = .document(
        WireDocument(pageCount: try reader.number(), title: try reader.text(), author: try reader.text()))
    case .page: reply = .page(try page(&reader))
    case .done: reply = .done
    case .refused:
      guard let reason = WireRefusal.Reason(rawValue: try reader.byte()) else { throw MalformedBytes("unknown reason") }
      reply = .refused(
        WireRefusal(reason: reason, page: try reader.optionalNumber(), detail: try reader.text()))
    case .request: throw MalformedBytes("a request among the replies")
    }
    guard reader.isAtEnd else { throw MalformedBytes("bytes after the frame's end") }
    return reply
  }

  /// Returns the request in a complete frame; nil until all of it has arrived.
  package static func nextRequest(in bytes: [UInt8], at position: inout Int) throws(MalformedBytes) -> ParserRequest? {
    guard var reader = try payload(of: bytes, at: &position) else { return nil }
    guard Kind(rawValue: try reader.byte()) == .request else { throw MalformedBytes("not a request") }
    let size = try reader.number()
    let firstPage = try reader.number()
    let pageLimit = try reader.number()
    let textLimit = try reader.number()
    let ratioLimit = try reader.number()
    let hasPassword = try reader.byte() == 1
    let password = try reader.blob()
    guard reader.isAtEnd else { throw MalformedBytes("bytes after the frame's end") }
    return ParserRequest(
      size: size, firstPage: firstPage, pageLimit: pageLimit, textLimit: textLimit, ratioLimit: ratioLimit,
      password: hasPassword ? password : nil)
  }

  private static func hello(_ reader: inout ByteReader) throws(MalformedBytes) -> String {
    for expected in magic where try reader.byte() != expected { throw MalformedBytes("not a parser") }
    let version = try reader.number()
    guard version == protocolVersion else { throw MalformedBytes("protocol \(version) instead of \(protocolVersion)") }
    return try reader.text()
  }

  private static func page(_ reader: inout ByteReader) throws(MalformedBytes) -> WirePage {
    let number = try reader.number()
    let text = try reader.text()
    var headings: [WireHeading] = []
    for _ in 0..<(try reader.count(ofAtLeast: 3)) {
      let offset = try reader.number(upTo: text.utf8.count)
      let level = Int(try reader.byte())
      guard (1...6).contains(level) else { throw MalformedBytes("heading level \(level)") }
      headings.append(WireHeading(offset: offset, level: level, title: try reader.text()))
    }
    return WirePage(number: number, text: text, headings: headings)
  }

  private static func frame(_ kind: Kind, capacity: Int = 64, _ body: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter(capacity: capacity + 5)
    writer.put(raw: [0, 0, 0, 0, kind.rawValue])
    body(&writer)
    var bytes = writer.bytes
    let length = UInt32(bytes.count - 4)
    for place in 0..<4 { bytes[place] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(place))) }
    return bytes
  }

  private static func payload(of bytes: [UInt8], at position: inout Int) throws(MalformedBytes) -> ByteReader? {
    guard bytes.count - position >= 4 else { return nil }
    var length = 0
    for place in 0..<4 { length |= Int(bytes[position + place]) << (8 * place) }
    guard (1...limit).contains(length) else { throw MalformedBytes("a frame of \(length) bytes") }
    guard bytes.count - position - 4 >= length else { return nil }
    defer { position += 4 + length }
    return ByteReader(bytes, within: position + 4..<position + 4 + length)
  }
}
