import Foundation
import IngestDocuments
import Testing

@Suite struct PDFReadingTests {
  @Test("pages come in order with their numbers, and paragraphs are separate")
  func plain() async throws {
    let reading = try await read("plain.pdf")
    #expect(reading.failure == nil)
    #expect(reading.info == DocumentInfo(type: .pdf, pageCount: 3, title: "A plain document", author: "The fixtures"))
    #expect(reading.pages.map(\.number) == [1, 2, 3])
    #expect(reading.pages[1].text.hasPrefix("This is page 2 of three. The index holds every chunk"))
    #expect(reading.pages[1].text.contains("done twice.\n\nA second paragraph."))
  }

  @Test("the left column comes before the right one, in any drawing order")
  func columns() async throws {
    let text = try await read("columns.pdf").text
    let order = ["Two columns"] + (1...6).map { "Left \($0) begins" } + (1...6).map { "Right \($0) begins" }
    var rest = text[...]
    for mark in order {
      let found = try #require(rest.range(of: mark), "\(mark) is missing or out of order")
      rest = rest[found.upperBound...]
    }
  }

  @Test("headings are recognised by their print, with levels, also across lines")
  func headings() async throws {
    let pages = try await read("headings.pdf").pages
    #expect(
      pages[0].headings.map { "\($0.level) \($0.title)" } == [
        "1 Operating an index", "2 1 Installing", "3 1.1 On Debian",
      ])
    #expect(
      pages[1].headings.map(\.title) == ["2 Running", "2.1 A rather long heading that needs more than a single line"])
    for page in pages {
      for heading in page.headings {
        let start = page.text.unicodeScalars.index(page.text.startIndex, offsetBy: heading.offset)
        #expect(page.text[start...].replacing("\n", with: " ").hasPrefix(heading.title))
      }
    }
  }

  @Test("the outline names headings that are printed as plain lines")
  func outline() async throws {
    let pages = try await read("outline.pdf").pages
    #expect(pages[1].headings.map { "\($0.level) \($0.title)" } == ["1 Beta", "2 Beta in detail"])
    #expect(pages[1].headings[1].offset > 200)
  }

  @Test("cells of a table are separated, and rows are lines")
  func table() async throws {
    let text = try await read("table.pdf").text
    #expect(text.contains("Fruit\tKilograms\tPrice\nApples\t120\t240.00\nPears\t80\t200.50\n"))
  }

  @Test("words hyphenated at a line's end are joined, real hyphens stay")
  func hyphens() async throws {
    let text = try await read("hyphens.pdf").text
    for whole in ["checkpoints", "database", "well-known", "10-\n20", "Anglo-\nSaxon"] { #expect(text.contains(whole)) }
  }

  @Test("ligatures and compatibility forms become letters, and soft hyphens are removed")
  func ligatures() async throws {
    #expect(
      try await read("ligatures.pdf").text == "office fire flow off 21A\nsoft hyphen goes. a broken\nword is whole")
  }

  @Test("Chinese and Japanese text is read")
  func ideographs() async throws {
    #expect(try await read("cjk.pdf").text == "文書を読み込み、索引を作る。\n検索はすぐに使える。")
  }

  /// This needs the package `poppler-data` and the kernel's Landlock.
  @Test(
    "East Asian fonts that are not embedded are read within the sandbox",
    .enabled(if: FileManager.default.fileExists(atPath: "/usr/share/poppler/cMap")))
  func namedFonts() async throws {
    #expect(try await read("cjk-named.pdf").text == "日本語\n検索\n中文\n文档\n한국\n繁體")
  }

  @Test("text from right to left is complete and in logical order")
  func rightToLeft() async throws {
    let pages = try await read("rtl.pdf").pages.map(\.text)
    #expect(pages == ["שלום עולם זה מסמך", "שלום\tעולם\tזה\tמסמך"])
  }

  @Test("a rotated page is read like any other", arguments: 0..<4)
  func rotated(page: Int) async throws {
    let text = try await read("rotated.pdf").pages[page].text
    #expect(text.hasPrefix("Turned by \(page * 90). The index holds every chunk"))
    #expect(text.hasSuffix("done twice."))
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 4)
  }

  @Test("text that runs up the margin comes after the page's main text")
  func climbing() async throws {
    let text = try await read("rotated.pdf").pages[4].text
    #expect(text.hasPrefix("The index holds"))
    #expect(text.hasSuffix("\n\nText that climbs the page"))
  }

  @Test("values filled into a form are read")
  func form() async throws {
    #expect(try await read("form.pdf").text == "Name:\n\nAda Lovelace")
  }

  @Test("the text of a link is read")
  func links() async throws {
    #expect(try await read("links.pdf").text.hasPrefix("See the manual at example.org for more."))
  }

  @Test("bytes before the header do not matter")
  func junk() async throws {
    #expect(try await read("junk-before.pdf").pages.count == 3)
  }

  @Test("an owner's password is not needed, and a user's password opens the file")
  func passwords() async throws {
    #expect(try await read("owner-only.pdf").pages.count == 3)
    #expect(try await read("encrypted.pdf", password: "open sesame").pages.count == 3)
  }

  @Test("reading resumes at the given page")
  func resume() async throws {
    #expect(try await read("plain.pdf", from: 3).pages.map(\.number) == [3])
  }
}
