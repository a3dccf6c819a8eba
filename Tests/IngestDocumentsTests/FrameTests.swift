import IngestParserWire
import Testing

@Suite struct FrameTests {
  private let samples: [ParserReply] = [
    .hello(version: "1.2.3"), .document(WireDocument(pageCount: 300, title: "Tïtle", author: "")),
    .page(
      WirePage(
        number: 7, text: "Some text 語", headings: [WireHeading(offset: 5, level: 2, title: "text")])),
    .done, .refused(WireRefusal(reason: .damaged, page: 9, detail: "why")), .refused(WireRefusal(reason: .encrypted)),
  ]
  private let request = ParserRequest(
    size: 1 << 33, firstPage: 4, pageLimit: 10, textLimit: 1 << 40, ratioLimit: 100, password: [0x70, 0x00, 0xFF])

  @Test("replies are decoded in order, in any split of the stream")
  func replies() throws {
    let bytes = samples.flatMap { Frame.encode($0) }
    var got: [ParserReply] = []
    var position = 0
    for end in bytes.indices {
      while let reply = try Frame.nextReply(in: Array(bytes[...end]), at: &position) { got.append(reply) }
    }
    #expect(got == samples)
    #expect(position == bytes.count)
  }

  @Test("a request is decoded unchanged, with and without its password")
  func requests() throws {
    var plain = request
    plain.password = nil
    for request in [request, plain] {
      var position = 0
      let decoded = try Frame.nextRequest(in: Frame.encode(request), at: &position)
      #expect(decoded == request)
    }
  }

  @Test("a frame of an impossible length is refused without waiting for its bytes")
  func length() {
    var position = 0
    #expect(throws: MalformedBytes.self) { _ = try Frame.nextReply(in: [0xFF, 0xFF, 0xFF, 0xFF], at: &position) }
    #expect(throws: MalformedBytes.self) { _ = try Frame.nextReply(in: [0, 0, 0, 0], at: &position) }
  }

  @Test("with any changed byte the decoder neither traps nor reads past its frame")
  func garbage() {
    for reply in samples {
      let good = Frame.encode(reply)
      for place in good.indices {
        for value in [0x00, 0x01, 0x7F, 0x80, 0xFF] as [UInt8] {
          var bytes = good
          bytes[place] = value
          var position = 0
          _ = try? Frame.nextReply(in: bytes, at: &position)
          #expect(position <= bytes.count)
        }
      }
    }
  }

  @Test("another protocol, unknown messages and a heading outside its text are refused")
  func refused() {
    var position = 0
    var hello = Frame.encode(.hello(version: "1"))
    hello[5] = 0x58
    #expect(throws: MalformedBytes("not a parser")) { _ = try Frame.nextReply(in: hello, at: &position) }
    position = 0
    let page = WirePage(number: 1, text: "a", headings: [WireHeading(offset: 2, level: 1, title: "")])
    #expect(throws: MalformedBytes.self) { _ = try Frame.nextReply(in: Frame.encode(.page(page)), at: &position) }
  }
}
