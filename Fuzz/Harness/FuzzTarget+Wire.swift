import IngestCore
import IngestDocuments
import IngestParserWire

extension FuzzTarget {
  /// The replies of a hostile parser process, read as a stream and checked as the answer to one document.
  static let wireReplies = FuzzTarget("wire-replies") { bytes in
    let (whole, rest) = replies(in: bytes)
    for reply in whole {
      var position = 0
      let again = try Frame.nextReply(in: Frame.encode(reply), at: &position)
      try require(again == reply, "a written reply differs after reading: \(reply)")
    }
    // The first byte sets the size of the pieces in which the same bytes arrive.
    let step = max(1, Int(bytes.first ?? 1))
    var (arrived, buffer, position) = ([ParserReply](), [UInt8](), 0)
    var broken = false
    for start in stride(from: 0, to: bytes.count, by: step) where !broken {
      buffer += bytes[start..<min(bytes.count, start + step)]
      do {
        while let reply = try Frame.nextReply(in: buffer, at: &position) { arrived.append(reply) }
      } catch {
        broken = true
      }
      try require(position <= buffer.count, "a frame ends past the received bytes")
    }
    try require(arrived == whole, "the same bytes in pieces of \(step) give other replies")
    try require(broken == (rest != nil), "bytes in pieces get another verdict")
    try judge(whole)
  }

  private static func replies(in bytes: [UInt8]) -> ([ParserReply], MalformedBytes?) {
    var (replies, position) = ([ParserReply](), 0)
    do throws(MalformedBytes) {
      while let reply = try Frame.nextReply(in: bytes, at: &position) { replies.append(reply) }
    } catch {
      return (replies, error)
    }
    return (replies, nil)
  }

  /// Checks which replies are accepted: consecutive pages up to the last, within the limits.
  private static func judge(_ replies: [ParserReply]) throws {
    let limits = ParserLimits(pages: 50, text: 4096)
    var dialogue = ParserDialogue(name: "a.pdf", firstPage: 1, limits: limits)
    var pages: [ParsedPage] = []
    var announced: Int?
    for reply in replies {
      let word: ParserDialogue.Word
      do throws(DocumentError) { word = try dialogue.take(reply) } catch {
        try require(!error.failure.code.isEmpty && !error.failure.message.isEmpty, "a false reply gets no message")
        break
      }
      switch word {
      case .info(let info):
        try require(announced == nil, "a document began twice")
        announced = info.pageCount
      case .page(let page): pages.append(page)
      case .end:
        try require(pages.count == announced, "\(pages.count) pages are accepted instead of \(announced ?? -1)")
        return try judge(DocumentText(parts: [ParsedPart(pages: pages)]), settings: .init())
      }
      try require(pages.count <= limits.pages, "\(pages.count) pages are accepted")
      try require(pages.allSatisfy { $0.text.utf8.count <= limits.text }, "more text than the limit is accepted")
    }
    let heading = pages.lazy.flatMap(\.headings)
    try require(heading.reduce(0) { $0 + $1.title.utf8.count } <= limits.text, "headings past the limit of text")
  }

  /// The requests that `ingestd-parse` receives.
  static let wireRequests = FuzzTarget("wire-requests") { bytes in
    var position = 0
    while true {
      let before = position
      let request: ParserRequest?
      do { request = try Frame.nextRequest(in: bytes, at: &position) } catch { return }
      guard let request else { return }
      try require(position > before && position <= bytes.count, "a request of no bytes")
      var place = 0
      let again = try Frame.nextRequest(in: Frame.encode(request), at: &place)
      try require(again == request, "a written request differs after reading")
      try require(request.textAllowed >= min(request.textLimit, 1_000_000), "too little text is allowed")
      try require(request.textAllowed <= request.textLimit, "more text is allowed than the limit")
    }
  }

  /// The stored results of a parse in the blob store.
  static let keptResults = FuzzTarget("kept-results") { bytes in
    if let part = try? ParsedPart(decoding: bytes) {
      let again = try ParsedPart(decoding: part.encode())
      try require(again == part, "a written part differs after reading")
      try judge(DocumentText(parts: [part]), settings: .init(target: 16, maximum: 24, overlap: 4))
    }
    if let list = try? ChunkList(decoding: bytes) {
      let again = try ChunkList(decoding: list.encode())
      try require(again == list, "a written chunk list differs after reading")
      let text = DocumentText(parts: [ParsedPart(pages: [ParsedPage(number: 1, text: "Grüße aus Köln")])])
      let chunks = list.chunks(with: text)
      try require(chunks.count == list.count, "chunks were lost")
    }
  }
}
