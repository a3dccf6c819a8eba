import Foundation
import Glibc
import IngestCore
import IngestDocuments
import Testing

@Suite struct ChunkerTests {
  private func document(_ text: String, _ headings: [Heading] = []) -> DocumentText {
    DocumentText(parts: [ParsedPart(pages: [ParsedPage(number: nil, text: text, headings: headings)])])
  }

  private func markdown(_ text: String) async throws -> DocumentText {
    DocumentText(parts: try await read("a.md", Array(text.utf8)).parts)
  }

  private func words(_ count: Int, _ mark: String = "word") -> String {
    (0..<count).map { ($0 % 7 == 0 ? mark.capitalized : mark) + ($0 % 7 == 6 ? "." : "") }.joined(separator: " ")
  }

  private func check(_ chunks: [Chunk], of document: DocumentText, settings: ChunkerSettings = .init()) {
    for (place, chunk) in chunks.enumerated() {
      #expect(chunk.ordinal == place)
      #expect(chunk.tokens <= settings.maximum)
      #expect(chunk.text == document.slice(chunk.start..<chunk.end))
      #expect(chunk.text.unicodeScalars.count == chunk.end - chunk.start)
      #expect(!chunk.text.isEmpty)
    }
    // Between two chunks there is only white space.
    for (left, right) in zip(chunks, chunks.dropFirst()) where right.start > left.end {
      #expect(document.slice(left.end..<right.start).allSatisfy { $0.isWhitespace })
    }
  }

  @Test("a short text is one chunk, without surrounding white space")
  func short() {
    let document = document("\n  A short text. \n")
    let chunks = Chunker().chunks(of: document)
    #expect(chunks.map(\.text) == ["A short text."])
    #expect(chunks.first?.start == 3)
    check(chunks, of: document)
  }

  @Test("an empty text has no chunks")
  func empty() {
    #expect(Chunker().chunks(of: document(" \n\n ")).isEmpty)
    #expect(Chunker().chunks(of: DocumentText(parts: [])).isEmpty)
  }

  @Test("a long section is cut near the target size, at sentences, with a small overlap")
  func long() {
    let document = document(words(2000))
    let chunks = Chunker().chunks(of: document)
    check(chunks, of: document)
    #expect((9...16).contains(chunks.count))
    for chunk in chunks.dropLast() {
      #expect(chunk.text.hasSuffix("."))
      #expect(chunk.tokens > 130)
    }
    for (left, right) in zip(chunks, chunks.dropFirst()) {
      #expect(right.start < left.end)
      #expect(Chunker.tokens(in: document.slice(right.start..<left.end)) <= 24)
    }
  }

  @Test("a cut between paragraphs has no overlap")
  func paragraphs() {
    let document = document((0..<8).map { _ in words(100) }.joined(separator: "\n\n"))
    let chunks = Chunker().chunks(of: document)
    check(chunks, of: document)
    for (left, right) in zip(chunks, chunks.dropFirst()) { #expect(right.start == left.end + 2) }
  }

  @Test("no chunk crosses a heading, and each has the headings above it")
  func headings() async throws {
    let document = try await markdown(
      "# One\n\n\(words(150))\n\n## Two\n\n\(words(150))\n\n### Three\n\n\(words(150))\n\n# Four\n\n\(words(20))\n")
    let chunks = Chunker().chunks(of: document)
    check(chunks, of: document)
    #expect(chunks.map(\.heading) == [["One"], ["One", "Two"], ["One", "Two", "Three"], ["Four"]])
    #expect(chunks[1].text.hasPrefix("## Two"))
  }

  @Test("tiny sections under a common parent are combined")
  func tiny() async throws {
    let document = try await markdown(
      "# Terms\n\n" + (1...6).map { "## Term \($0)\n\nWhat it means.\n\n" }.joined() + "# Other\n\nAlone.\n")
    let chunks = Chunker().chunks(of: document)
    check(chunks, of: document)
    #expect(chunks.map(\.heading) == [["Terms"], ["Other"]])
    #expect(chunks[0].text.contains("Term 6"))
  }

  @Test("a chunk has the page on which it starts")
  func pages() {
    let document = DocumentText(
      parts: (1...4).map { (number: Int) in
        ParsedPart(pages: [ParsedPage(number: number, text: "Page \(number). " + words(200))])
      })
    let chunks = Chunker().chunks(of: document)
    check(chunks, of: document)
    for chunk in chunks { #expect(chunk.page == document.pages.last { $0.start <= chunk.start }?.number) }
    #expect(Set(chunks.map(\.page)) == [1, 2, 3, 4])
  }

  @Test("equal texts give equal chunks")
  func deterministic() {
    let document = document(words(3000, "naïve") + "\n\n日本語の文章です。これは長い。" + words(500))
    #expect(Chunker().chunks(of: document) == Chunker().chunks(of: document))
  }

  @Test("a text without any natural place to cut is cut between characters")
  func noSpaces() {
    let document = document(String(repeating: "x", count: 20_000) + String(repeating: "語", count: 5_000))
    let chunks = Chunker().chunks(of: document)
    check(chunks, of: document)
    #expect(chunks.last?.end == 25_000)
  }

  @Test("an accent is not separated from its letter")
  func marks() {
    let document = document(String(repeating: "e\u{301}", count: 4_000))
    for chunk in Chunker().chunks(of: document) { #expect(chunk.text.unicodeScalars.first == "e") }
  }

  @Test(
    "time is linear in the size of the text",
    arguments: ["x", "\u{301}", "a ", "\n", "# h\n\n", "語", ". ", "👩‍👩‍👧"])
  func linear(unit: String) {
    func time(_ count: Int) -> Duration {
      let text = String(repeating: unit, count: count)
      var headings: [Heading] = []
      if unit.hasPrefix("#") { headings = (0..<count).map { Heading(offset: $0 * 5, level: 1 + $0 % 6, title: "h") } }
      let document = document(text, headings)
      // Processor time of this thread, because the machine may be busy.
      let begun = threadTime()
      _ = Chunker().chunks(of: document)
      return threadTime() - begun
    }
    let small = (0..<3).map { _ in time(20_000) }.min() ?? .zero
    let large = (0..<3).map { _ in time(160_000) }.min() ?? .zero
    // The text is eight times as long; quadratic time would be sixty-four times.
    #expect(large < small * 24 + .milliseconds(30))
  }

  @Test("chunks respect the settings")
  func settings() {
    let settings = ChunkerSettings(target: 40, maximum: 50, overlap: 5)
    let document = document(words(1000))
    let chunks = Chunker(settings: settings).chunks(of: document)
    check(chunks, of: document, settings: settings)
    #expect(chunks.count > 20)
  }

  @Test("tokens are estimated a little high rather than low")
  func tokens() {
    #expect(Chunker.tokens(in: "The cat sat.") == 4)
    #expect(Chunker.tokens(in: "internationalization") == 5)
    #expect(Chunker.tokens(in: "12345") == 3)
    #expect(Chunker.tokens(in: "文書を作る") == 5)
    #expect(Chunker.tokens(in: "") == 0)
  }

  @Test("a chunk list is decoded from its bytes, and other bytes are refused")
  func list() throws {
    let document = document(
      words(2000), [Heading(offset: 0, level: 1, title: "T"), Heading(offset: 5000, level: 2, title: "U")])
    let chunks = Chunker().chunks(of: document)
    let bytes = ChunkList(chunks).encode()
    #expect(try ChunkList(decoding: bytes).chunks(with: document) == chunks)
    for cut in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: DocumentError.self) { _ = try ChunkList(decoding: Array(bytes[..<cut])) }
    }
  }
}

private func threadTime() -> Duration {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
