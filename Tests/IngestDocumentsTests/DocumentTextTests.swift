import IngestDocuments
import Testing

@Suite struct DocumentTextTests {
  private let parts = [
    ParsedPart(pages: [
      ParsedPage(number: 1, text: "Größe 👍 eins", headings: [Heading(offset: 6, level: 1, title: "👍 eins")]),
      ParsedPage(number: 2, text: ""),
    ]),
    ParsedPart(pages: [ParsedPage(number: 3, text: "drei", headings: [Heading(offset: 0, level: 2, title: "drei")])]),
  ]

  @Test("pages follow each other, empty ones too, and headings keep their positions")
  func assembled() {
    let document = DocumentText(parts: parts)
    #expect(document.text == "Größe 👍 eins\n\n\n\ndrei")
    #expect(document.pages.map(\.start) == [0, 14, 16])
    #expect(document.headings.map(\.offset) == [6, 16])
    #expect(document.scalarCount == 20)
    #expect(document.page(at: 13) == 1)
    #expect(document.page(at: 16) == 3)
  }

  @Test("a slice counts Unicode scalars, at any position")
  func slices() {
    let text = String((0..<5000).map { Character(Unicode.Scalar(UInt32(0x20 + $0 % 0x800)) ?? "x") })
    let document = DocumentText(parts: [ParsedPart(pages: [ParsedPage(number: 1, text: text)])])
    let scalars = Array(text.unicodeScalars)
    for start in stride(from: 0, to: 4900, by: 97) {
      let span = start..<start + 60
      #expect(document.slice(span) == String(String.UnicodeScalarView(scalars[span])))
    }
    #expect(document.slice(4990..<9000).unicodeScalars.count == 10)
    #expect(document.slice(0..<scalars.count) == text)
  }

  @Test("a part is decoded from its bytes, and other bytes are refused")
  func coding() throws {
    for part in parts {
      let bytes = part.encode()
      #expect(try ParsedPart(decoding: bytes) == part)
      for cut in bytes.indices {
        #expect(throws: DocumentError.self) { _ = try ParsedPart(decoding: Array(bytes[..<cut])) }
      }
    }
    #expect(throws: DocumentError.self) { _ = try ParsedPart(decoding: [9, 0]) }
  }
}
