import IngestCore
import IngestIndex
import Testing

@Suite("Fusion, ids, terms and comparison")
struct PureTests {
  @Test("reciprocal ranks are added, and equal sums have a fixed order")
  func fusion() {
    let fused = ReciprocalRankFusion.fuse([["a", "b", "c"], ["c", "d"]], limit: 10)
    #expect(fused.map(\.item) == ["c", "a", "b", "d"])
    #expect(fused[0].score == 1 / 63 + 1 / 61 && fused[1].score == 1 / 61)
    // b and d are both second in one list.
    for _ in 0..<20 {
      #expect(
        ReciprocalRankFusion.fuse([["z", "b"], ["y", "d"], ["x"]], limit: 4).map(\.item) == ["x", "y", "z", "b"])
    }
    #expect(ReciprocalRankFusion.fuse([["a"], ["b"]], limit: 1).map(\.item) == ["a"])
    #expect(ReciprocalRankFusion.fuse([[String]](), limit: 5).isEmpty)
  }

  @Test("a chunk's id has document, revision and ordinal, and can be parsed")
  func chunkID() {
    let id = ChunkID(document: DocumentID(rawValue: "01JD0000000000000000000007"), revision: 12, ordinal: 3)
    #expect(id.description == "01JD0000000000000000000007-12-3")
    #expect(ChunkID(id.description) == id)
    for text in ["", "a", "a-1", "a-0-0", "a-1--1", "-1-1", "a-1-1-1", "a-x-1"] { #expect(ChunkID(text) == nil) }
  }

  @Test("a generation's name is one path component for any name of the index")
  func generationName() {
    #expect(GenerationName(index: "docs", number: 3).description == "docs-g0003")
    #expect(GenerationName(index: "a/../b ü.", number: 12345).description == "a%2F%2E%2E%2Fb%20%C3%BC%2E-g12345")
  }

  @Test("a query becomes a list of distinct words; in scripts without spaces, of neighbouring characters")
  func terms() {
    #expect(QueryTerms("What is \"this\"? THIS is-it").terms == ["What", "is", "this", "it"])
    #expect(QueryTerms("東京都 and 市").terms == ["東 京", "京 都", "and", "市"])
    #expect(QueryTerms("漢字kana").terms == ["漢 字", "kana"])
    #expect(QueryTerms("🙂 -- \u{0}").isEmpty)
    #expect(QueryTerms((0..<1000).map { "w\($0)" }.joined(separator: " ")).terms.count == QueryTerms.limit)
  }

  @Test("only scripts without spaces are split into characters")
  func separation() {
    #expect(SpacelessScripts.separated("Plain “quoted” text — ﬁne") == "Plain “quoted” text — ﬁne")
    #expect(SpacelessScripts.separated("a漢字b") == "a 漢 字 b")
    #expect(SpacelessScripts.separated("ask🤖now ₽100 ₺5 ½ é🚀") == "ask now  100  5 ½ é🚀")
  }

  @Test("an inventory is compared with the catalogue, difference by difference")
  func comparison() {
    let document = DocumentID(rawValue: "D")
    func found(_ visible: Int, _ parts: DocumentInventory.Part...) -> DocumentInventory {
      DocumentInventory(document: document, revision: visible, deleted: false, visible: visible, parts: parts)
    }
    func kinds(_ expected: ExpectedDocument?, _ found: DocumentInventory?) -> [DocumentFinding.Kind: [String]] {
      Dictionary(
        uniqueKeysWithValues: DocumentFinding.compare(expected: expected, found: found).map {
          ($0.kind, $0.chunks.map(\.description))
        })
    }
    let expected = ExpectedDocument(document: document, revision: 2, wanted: 2, deleted: false, chunks: 2)
    let whole = DocumentInventory.Part(revision: 2, chunks: [0, 1], vectors: [0, 1], fullText: [0, 1])
    #expect(kinds(expected, found(2, whole)).isEmpty)
    #expect(kinds(expected, nil) == [.missing: ["D-2-0", "D-2-1"]])
    #expect(kinds(nil, found(2, whole)) == [.stale: ["D-2-0", "D-2-1"]])
    #expect(kinds(expected, found(0, whole)) == [.hidden: ["D-2-0", "D-2-1"]])
    let old = DocumentInventory.Part(revision: 1, chunks: [0], vectors: [], fullText: [5])
    #expect(kinds(expected, found(2, old, whole)) == [.stale: ["D-1-0", "D-1-5"]])
    let odd = DocumentInventory.Part(revision: 2, chunks: [0, 0, 7], vectors: [7], fullText: [])
    #expect(
      kinds(expected, found(2, odd)) == [
        .missing: ["D-2-1"], .stale: ["D-2-7"], .duplicate: ["D-2-0"], .vectorMissing: ["D-2-0"],
        .fullTextMissing: ["D-2-0"],
      ])
    // A job is at work on revision 3, and may have written it already.
    let pending = ExpectedDocument(document: document, revision: 2, wanted: 3, deleted: false, chunks: 2)
    let next = DocumentInventory.Part(revision: 3, chunks: [0], vectors: [0], fullText: [0])
    #expect(kinds(pending, found(2, whole, next)).isEmpty)
    #expect(kinds(pending, found(3, next)).isEmpty)
    #expect(kinds(pending, found(4, next)).isEmpty == false)
    #expect(kinds(pending, nil) == [.missing: ["D-2-0", "D-2-1"]])
  }
}
