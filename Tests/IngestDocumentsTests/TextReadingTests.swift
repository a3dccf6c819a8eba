import IngestCore
import IngestDocuments
import Testing

@Suite struct TextReadingTests {
  private func text(_ bytes: [UInt8], _ name: String = "a.txt") async throws -> String {
    try await read(name, bytes).text
  }

  @Test("every common encoding is read")
  func encodings() async throws {
    let sample = "Größe – “ja”\n"
    #expect(try await text([0xEF, 0xBB, 0xBF] + Array(sample.utf8)) == sample)
    #expect(try await text([0xFF, 0xFE] + sample.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) == sample)
    #expect(try await text([0xFE, 0xFF] + sample.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }) == sample)
    #expect(try await text(Array("plain and long enough".utf16).flatMap { [UInt8($0), 0] }) == "plain and long enough")
    #expect(
      try await text(Array("Gr".utf8) + [0xF6, 0xDF] + Array("e of a ship ".utf8) + [0x96]) == "Größe of a ship –")
  }

  @Test("line breaks, invisible characters and ligatures are cleaned, and nothing else changes")
  func cleaned() async throws {
    #expect(
      try await text(Array("a\r\nb\rc\u{AD}d\u{200B}e\u{A0}f \u{FB01}x\u{C}g\u{7}".utf8)) == "a\nb\ncde f fix\n\ng")
  }

  @Test("a text that turns into binary data is refused")
  func turnsBinary() async throws {
    let bytes = Array(String(repeating: "text ", count: 5000).utf8) + [0xFF, 0x00, 0xFE]
    let failure = try await read("a.txt", bytes).failure
    #expect(failure?.code == "TEXT_ENCODING")
    #expect(failure?.message.contains("byte 25001") == true)
  }

  @Test("a text of white space has no text")
  func blank() async throws { #expect(try await read("a.txt", Array(" \n\t\n".utf8)).failure?.code == "NO_TEXT") }

  @Test("a text over the limit is refused")
  func limit() async throws {
    let failure = try await read("a.txt", Array("0123456789".utf8), limits: ParserLimits(text: 9)).failure
    #expect(failure?.code == "TEXT_LIMIT")
  }

  @Test("headings of both kinds count, except in code and front matter")
  func markdown() async throws {
    let source = """
      ---
      title: "The handbook"
      # not a heading
      ---
      # First `one`

      Second
      ------

      ```sh
      # a comment
      ```

      ### Third [link](http://x) ###
      #hashtag
      - item
      ---
      """
    let reading = try await read("a.md", Array(source.utf8))
    #expect(reading.info == DocumentInfo(type: .markdown, title: "The handbook"))
    let page = try #require(reading.pages.first)
    #expect(page.headings.map { "\($0.level) \($0.title)" } == ["1 First one", "2 Second", "3 Third link"])
    for heading in page.headings {
      let start = page.text.unicodeScalars.index(page.text.startIndex, offsetBy: heading.offset)
      #expect(page.text[start...].hasPrefix(["# First", "Second", "### Third"][heading.level - 1]))
    }
    #expect(page.number == nil)
  }
}
