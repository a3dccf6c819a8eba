import IngestCore
import IngestDocuments
import Testing

@Suite struct RefusalTests {
  @Test(
    "each bad file has its own code, message and hint",
    arguments: [
      ("encrypted.pdf", "PDF_ENCRYPTED"), ("empty.pdf", "EMPTY_FILE"), ("no-pages.pdf", "PDF_NO_PAGES"),
      ("truncated.pdf", "PDF_DAMAGED"), ("image.pdf", "NO_TEXT"), ("README.md", nil),
    ])
  func codes(name: String, code: String?) async throws {
    let failure = try await read(name).failure
    #expect(failure?.code == code)
    guard let failure else { return }
    #expect(failure.kind == .permanent)
    #expect(failure.message.contains(name))
    #expect(!failure.hint.isEmpty)
  }

  @Test("a wrong password and a missing one have different errors")
  func wrongPassword() async throws {
    #expect(try await read("encrypted.pdf", password: "no").failure?.code == "PDF_WRONG_PASSWORD")
  }

  @Test("a file that is not a document is refused with its type")
  func unsupported() async throws {
    let failure = try await read("shot.pdf", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0]).failure
    #expect(failure?.code == "UNSUPPORTED_TYPE")
    #expect(failure?.message.contains("a PNG image") == true)
  }

  @Test("a document with more pages than allowed is refused before the first page")
  func pageLimit() async throws {
    let reading = try await read(
      "many.pdf", makePDF((1...300).map { line("Page \($0)") }), limits: ParserLimits(pages: 250))
    #expect(reading.failure?.code == "PAGE_LIMIT")
    #expect(reading.failure?.message.contains("300 pages; the limit is 250") == true)
    #expect(reading.pages.isEmpty)
  }

  @Test("a thousand pages are read one by one")
  func manyPages() async throws {
    let reading = try await read("many.pdf", makePDF((1...1000).map { line("Page \($0)") }))
    #expect(reading.pages.map(\.number) == (1...1000).map { $0 })
    #expect(reading.pages.last?.text == "Page 1000")
  }

  @Test("at the text limit the earlier pages are kept, and the error names the page")
  func textLimit() async throws {
    let reading = try await read(
      "long.pdf", makePDF((1...20).map { line("Some words on page \($0)") }), limits: ParserLimits(text: 99))
    #expect(reading.failure?.code == "TEXT_LIMIT")
    #expect(reading.failure?.message.contains("(page 5)") == true)
    #expect(reading.pages.count == 4)
  }

  @Test("a document that had text before is not refused because its remaining pages have none")
  func hadText() async throws {
    let bytes = makePDF([line("Something"), ""])
    #expect(try await read("half.pdf", bytes, from: 2).failure?.code == "NO_TEXT")
    #expect(try await read("half.pdf", bytes, from: 2, hadText: true).failure == nil)
  }
}
