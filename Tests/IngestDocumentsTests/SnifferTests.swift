import IngestDocuments
import Testing

@Suite struct SnifferTests {
  @Test("a PDF is recognised by its header, also after junk and under any name")
  func pdf() {
    #expect(Sniffer.sniff(Array("%PDF-1.7".utf8), name: "a.txt") == .document(.pdf))
    #expect(Sniffer.sniff(Array(repeating: 0x20, count: 1000) + Array("%PDF-1.7".utf8)) == .document(.pdf))
    #expect(Sniffer.sniff(Array("no pdf at all".utf8), name: "a.pdf") == .document(.text))
  }

  @Test(
    "Markdown is recognised by its marks; the name decides only a tie",
    arguments: [
      ("# Title\n\nSee [this](x).\n", "a.txt", MediaType.markdown),
      ("Title\n=====\n\n```\ncode\n```\n", "", .markdown),
      ("# a comment\nkey = value\n", "app.conf", .text),
      ("# Title\n\nplain words\n", "a.md", .markdown),
      ("plain words\n", "a.md", .text),
      ("plain words\n", "a.txt", .text),
    ])
  func markdown(text: String, name: String, type: MediaType) {
    #expect(Sniffer.sniff(Array(text.utf8), name: name) == .document(type))
  }

  @Test(
    "a file that is not a document is named by its type",
    arguments: [
      ([0x50, 0x4B, 3, 4] + Array("xxxxword/document.xml".utf8), "a Word document"),
      ([0x7F, 0x45, 0x4C, 0x46, 2], "a program"),
      (Array("<!DOCTYPE html><p>".utf8), "an HTML page"), ([0, 1, 2, 3, 0, 0, 9, 200], "binary data"),
      ([0xFF, 0xD8, 0xFF, 0xE0], "a JPEG image"),
    ])
  func unsupported(bytes: [UInt8], looksLike: String) {
    #expect(Sniffer.sniff(bytes) == .unsupported(looksLike: looksLike))
  }

  @Test("an empty file is reported as empty")
  func empty() { #expect(Sniffer.sniff([]) == .empty) }

  @Test("a character cut by the end of the prefix does not change the detected encoding")
  func cutCharacter() {
    let bytes = Array(String(repeating: "é", count: Sniffer.prefixLength).utf8)
    let shifted = [0x61] + bytes
    #expect(Sniffer.encoding(of: Array(shifted.prefix(Sniffer.prefixLength))) == .utf8)
  }
}
