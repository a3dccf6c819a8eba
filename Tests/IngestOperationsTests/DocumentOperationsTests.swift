import IngestCore
import IngestDocuments
import IngestOperations
import IngestStore
import IngestTestKit
import Testing

@Suite("Operations on documents")
struct DocumentOperationsTests {
  @Test("a document is found by its id, by a prefix of the id, and by its uri")
  func lookup() async throws {
    let it = try await OperationsFixture()
    _ = try await it.submit("https://example.org/a")
    let document = try await it.operations.document("https://example.org/a", index: "docs", source: nil)
    for name in [document.document, String(document.document.dropLast(2))] {
      #expect(try await it.operations.document(name, index: "docs", source: nil).uri == "https://example.org/a")
    }
    #expect(
      await code { _ = try await it.operations.document("other", index: "docs", source: nil) } == "DOCUMENT_NOT_FOUND")
    #expect(
      await code { _ = try await it.operations.document("other", index: "nope", source: nil) } == "INDEX_NOT_FOUND")
    #expect(
      await code { _ = try await it.operations.documents(DocumentFilter(index: "nope")) } == "INDEX_NOT_FOUND")
  }

  @Test("the text of an unparsed document is available later, or not at all once its job is dead")
  func unread() async throws {
    let it = try await OperationsFixture()
    _ = try await it.submit("https://example.org/a")
    _ = try await it.dead("https://example.org/b")
    for (uri, category) in [("https://example.org/a", Failure.Category.later), ("https://example.org/b", .failed)] {
      do {
        _ = try await it.operations.text(of: uri, index: "docs", source: nil, page: nil)
        Issue.record("\(uri) has a text")
      } catch let failure as Failure {
        #expect(failure.code == "DOCUMENT_NOT_READ")
        #expect(failure.category == category)
      }
    }
  }

  @Test("a page that the text does not have is not found")
  func missingPage() async throws {
    var it = try await OperationsFixture()
    _ = try await it.submit("https://example.org/a")
    let content = try #require(try await it.store.document("https://example.org/a", index: "docs", source: nil).content)
    it.texts.pages[ContentHash(rawValue: content)] = [
      ParsedPage(number: 1, text: "one"), ParsedPage(number: 2, text: "two"),
    ]
    func text(_ page: Int?) async throws -> [String] {
      try await it.operations.text(of: "https://example.org/a", index: "docs", source: nil, page: page).pages.map(
        \.text)
    }
    #expect(try await text(nil) == ["one", "two"])
    #expect(try await text(2) == ["two"])
    #expect(await code { _ = try await text(3) } == "PAGE_NOT_FOUND")
  }

  @Test("a document without chunks is reported as not held, and an unknown generation as not found")
  func chunks() async throws {
    let it = try await OperationsFixture()
    _ = try await it.submit("https://example.org/a")
    #expect(
      await code {
        _ = try await it.operations.chunks(
          of: "https://example.org/a", index: "docs", source: nil, generation: nil)
      } == "DOCUMENT_NOT_HELD")
    #expect(
      await code {
        _ = try await it.operations.chunks(of: "https://example.org/a", index: "docs", source: nil, generation: 7)
      } == "GENERATION_NOT_FOUND")
    let held = try await it.operations.holdings(of: "https://example.org/a", index: "docs", source: nil)
    #expect(held.generations.map(\.generation.number) == [1])
    #expect(held.generations.first?.revision == nil)
  }
}
