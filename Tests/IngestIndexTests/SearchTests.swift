import IngestCore
import IngestIndex
import IngestIndexSQLite
import Testing

@Suite("Search")
struct SearchTests {
  @Test("vector search finds exactly what brute force finds", arguments: [1, 7, 16, 20, 24, 100, 384])
  func recall(dimensions: Int) async throws {
    let fixture = try await IndexFixture(dimensions: dimensions)
    var random = SplitMix(seed: 11)
    func vector() -> [Float] { (0..<dimensions).map { _ in Float(random.fraction() - 0.5) } }
    var vectors: [ChunkID: [Float]] = [:]
    for document in 0..<60 {
      for revision in 1...(1 + document % 3) {
        var write = IndexFixture.write(document, revision: revision, (0..<7).map { "text \($0)" })
        vectors = vectors.filter { $0.key.document != write.header.document }
        for ordinal in write.chunks.indices {
          let vector = vector()
          write.chunks[ordinal].vector = vector
          vectors[ChunkID(document: write.header.document, revision: revision, ordinal: ordinal)] = vector
        }
        _ = try await fixture.index.write(write, into: fixture.name)
      }
    }
    for k in [1, 10, 300] {
      let query = vector()
      let truth = vectors.mapValues { zip($0, query).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }
        .sorted { $0.value > $1.value }.prefix(k)
      let hits = try await fixture.index.search(
        SearchRequest(text: "", vector: query, k: k, mode: .vector), in: fixture.name)
      #expect(hits.map(\.chunk) == truth.map(\.key))
      for (hit, expected) in zip(hits, truth) { #expect(abs(hit.score - expected.value) < 1e-4) }
      #expect(hits.map(\.rank) == Array(1...max(1, hits.count)))
    }
  }

  @Test("a word is found beside any symbol, old or new")
  func signs() async throws {
    let fixture = try await IndexFixture()
    let signs = (0x80...0x1_FAFF).compactMap(Unicode.Scalar.init).filter { scalar in
      switch scalar.properties.generalCategory {
      case .otherSymbol, .mathSymbol, .currencySymbol, .modifierSymbol, .otherPunctuation, .dashPunctuation,
        .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation, .format, .control:
        true
      case .unassigned: scalar.value % 64 == 0 && scalar.value > 0x58D
      default: false
      }
    }
    #expect(signs.count > 7000)
    for start in stride(from: 0, to: signs.count, by: 64) {
      let words = signs[start..<min(start + 64, signs.count)].enumerated().map {
        ("\($1)w\(start + $0)\($1)", start + $0)
      }
      _ = try await fixture.index.write(
        IndexFixture.write(start / 64, revision: 1, words.map(\.0)), into: fixture.name)
      let found = try await fixture.texts(words.map { "w\($0.1)" }.joined(separator: " "), k: 64)
      let missing = Set(words.map(\.0)).subtracting(found)
      #expect(missing.isEmpty)
    }
  }

  @Test("search stays exact when the nearest vectors belong to removed revisions")
  func deadNeighbours() async throws {
    let fixture = try await IndexFixture()
    // 300 revisions have the query's own vector, and one of them is visible.
    for revision in 1...300 {
      _ = try await fixture.index.write(IndexFixture.write(1, revision: revision, ["same"]), into: fixture.name)
    }
    _ = try await fixture.index.write(IndexFixture.write(2, revision: 1, ["other"]), into: fixture.name)
    #expect(try await fixture.texts("same", mode: .vector, k: 2) == ["same", "other"])
  }

  @Test("a hit has everything that a reader needs")
  func hit() async throws {
    let fixture = try await IndexFixture()
    let meta = ["team": "ops", "quote\"d": "va\\lue\u{1}", "emoji": "🙂"]
    let write = IndexFixture.write(4, revision: 2, ["zero", "one two"], source: "wiki", meta: meta)
    _ = try await fixture.index.write(write, into: fixture.name)
    for mode in SearchMode.allCases {
      let request = SearchRequest(text: "one two", vector: IndexFixture.vector("one two"), k: 1, mode: mode)
      let hit = try #require(try await fixture.index.search(request, in: fixture.name).first)
      #expect(hit.rank == 1 && hit.score > 0)
      #expect(hit.chunk.description == "\(IndexFixture.document(4))-2-1")
      #expect(
        (hit.content.uri, hit.content.source, hit.content.page, hit.content.start, hit.content.end) == (
          "/tmp/4.pdf", "wiki", 2, 10, 17
        ))
      #expect(
        hit.content.heading == ["Part", "Section 1"] && hit.content.text == "one two" && hit.content.meta == meta)
    }
  }

  @Test("hybrid search ranks first what both lists contain")
  func hybrid() async throws {
    let fixture = try await IndexFixture()
    var write = IndexFixture.write(1, revision: 1, ["apple pie", "apple tart", "plum cake"])
    let query = IndexFixture.vector("the query")
    // By vector: cake, tart, pie. By words: only pie and tart.
    write.chunks[0].vector = query.map { -$0 }
    write.chunks[1].vector = query.map { $0 * 0.5 }
    write.chunks[2].vector = query
    _ = try await fixture.index.write(write, into: fixture.name)
    let hits = try await fixture.index.search(
      SearchRequest(text: "tart apple", vector: query, k: 3), in: fixture.name)
    #expect(hits.map(\.content.text) == ["apple tart", "apple pie", "plum cake"])
  }

  @Test("filters by source and by metadata work in every mode", arguments: SearchMode.allCases)
  func filters(mode: SearchMode) async throws {
    let fixture = try await IndexFixture()
    for number in 0..<40 {
      let write = IndexFixture.write(
        number, revision: 1, ["common number\(number)"], source: number % 2 == 0 ? "even" : "odd",
        meta: ["mod": "\(number % 5)", "k'ey\"": "x"])
      _ = try await fixture.index.write(write, into: fixture.name)
    }
    func numbers(_ source: String?, _ meta: [String: String]) async throws -> Set<Int> {
      let request = SearchRequest(
        text: "common", vector: IndexFixture.vector("common"), k: 100, mode: mode, source: source, where: meta)
      let uris = try await fixture.index.search(request, in: fixture.name).map(\.content.uri)
      #expect(Set(uris).count == uris.count)
      return Set(uris.compactMap { Int($0.dropFirst(5).dropLast(4)) })
    }
    #expect(try await numbers("odd", [:]) == Set((0..<40).filter { $0 % 2 == 1 }))
    #expect(try await numbers(nil, ["mod": "3"]) == Set((0..<40).filter { $0 % 5 == 3 }))
    #expect(try await numbers("even", ["mod": "3", "k'ey\"": "x"]) == [8, 18, 28, 38])
    #expect(try await numbers("even", ["mod": "3", "k'ey\"": "y"]).isEmpty)
    #expect(try await numbers("nobody", [:]).isEmpty)
    #expect(try await numbers(nil, ["%": "' OR 1=1 --"]).isEmpty)
  }

  @Test(
    "in scripts without spaces, words within a sentence are found",
    arguments: [
      ("昨日は東京都の天気がとても良かったです。", "天気", "大阪"), ("我们在北京大学学习计算机科学", "北京大学", "上海"),
      ("서울특별시에서 만나요", "서울", "부산"), ("ผมชอบกินข้าวผัด", "ข้าว", "รถไฟ"), ("ﾃｽﾄの文章", "ﾃｽﾄ", "ｻﾝﾌﾟﾙ"),
      ("𠮷野家で食べる", "𠮷野", "牛丼"), ("一", "一", "二"),
    ])
  func spaceless(text: String, found: String, missed: String) async throws {
    let fixture = try await IndexFixture()
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, [text]), into: fixture.name)
    #expect(try await fixture.texts(found) == [text])
    #expect(try await fixture.texts("hello \(found)!") == [text])
    #expect(try await fixture.texts(missed).isEmpty)
    _ = try await fixture.index.remove(IndexFixture.document(1), revision: 2, from: fixture.name)
    #expect(try await fixture.texts(found).isEmpty)
  }

  @Test("a character of a symbol font is not part of the word beside it")
  func symbols() async throws {
    let fixture = try await IndexFixture()
    let text = "Zeiger x\u{F0E0}y und \u{F02B} sonst nichts"
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, [text]), into: fixture.name)
    for query in ["x", "y", "sonst"] { #expect(try await fixture.texts(query) == [text], "\(query)") }
    let expected = [IndexFixture.expected(1, revision: 1, chunks: 1)]
    #expect(try await fixture.findings(expected).isProved)
  }

  @Test("keyword search ignores case and accents")
  func folding() async throws {
    let fixture = try await IndexFixture()
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, ["Crème Brûlée, ÜBER"]), into: fixture.name)
    for query in ["creme", "BRÛLÉE", "bru\u{302}le\u{301}e", "uber"] {
      #expect(try await fixture.texts(query).count == 1, "\(query)")
    }
  }

  @Test("no query text causes an error")
  func oddQueries() async throws {
    let fixture = try await IndexFixture()
    _ = try await fixture.index.write(
      IndexFixture.write(1, revision: 1, ["AND the near text* 100"]), into: fixture.name)
    let queries = [
      "", " ", "\"", "'", "\"\"", "\\", "*", "a*", "NEAR(", "NEAR(a b, 5)", "AND", "OR", "NOT", "a AND", "^a", "text:",
      "text : a", "{text} : x", "- a", "+", "(", ")", "a\" OR \"b", "\u{0}", "a\u{0}b", "🙂", "🙂🙂 🏳️‍🌈", "\u{301}",
      "e\u{301}",
      "\u{FFFD}", "\u{E000}", ";DROP TABLE chunks", "--", "%", "_", "½ ² ①", String(repeating: "x", count: 100_000),
      String(repeating: "word ", count: 20_000), (0..<12_000).map { "w\($0)" }.joined(separator: " "),
      String(repeating: "東京", count: 17_000), String(repeating: "\"", count: 1000),
    ]
    for query in queries {
      for mode in SearchMode.allCases {
        _ = try await fixture.texts(query, mode: mode)
      }
    }
    #expect(try await fixture.texts("AND").count == 1)
    #expect(try await fixture.texts("(near)").count == 1)
    #expect(try await fixture.texts("text*").count == 1)
    #expect(try await fixture.texts("te*").isEmpty)
  }

  @Test("a chunk without a vector is found by keyword and never by vector")
  func noVector() async throws {
    let fixture = try await IndexFixture()
    var write = IndexFixture.write(1, revision: 1, ["plain", "refused"])
    write.chunks[1].vector = nil
    _ = try await fixture.index.write(write, into: fixture.name)
    #expect(try await fixture.texts("refused") == ["refused"])
    #expect(try await fixture.texts("refused", mode: .vector) == ["plain"])
    #expect(try await fixture.findings([IndexFixture.expected(1, revision: 1, chunks: 2)]).isProved)
  }

  @Test("vectors that cannot be compared are refused, and nothing is written")
  func badVectors() async throws {
    let fixture = try await IndexFixture()
    for bad in [[Float](repeating: 1, count: 19), [Float](repeating: .nan, count: 20), []] {
      var write = IndexFixture.write(1, revision: 1, ["a", "b"])
      write.chunks[1].vector = bad
      await #expect(throws: IndexError.self) { _ = try await fixture.index.write(write, into: fixture.name) }
      let request = SearchRequest(text: "a", vector: bad, mode: .vector)
      await #expect(throws: IndexError.self) { _ = try await fixture.index.search(request, in: fixture.name) }
    }
    #expect(try await fixture.everything().isEmpty)
    for k in [0, -1, 1001] {
      await #expect(throws: IndexError.self) { _ = try await fixture.texts("a", k: k) }
    }
  }

  @Test("in a large index, words that every chunk has do not count and do not hide the others")
  func commonWords() async throws {
    let fixture = try await IndexFixture()
    for number in 0..<35 {
      let texts = (0..<60).map { "the common of document\(number) \($0 % 3 == 0 ? "third" : "other") chunk\($0)" }
      _ = try await fixture.index.write(IndexFixture.write(number, revision: 1, texts), into: fixture.name)
    }
    let rare = try await fixture.texts("the common of document7", k: 100)
    #expect(rare.count == 60 && rare.allSatisfy { $0.contains("document7 ") })
    #expect(try await fixture.texts("the third document8", k: 1)[0].hasPrefix("the common of document8 third"))
    #expect(try await fixture.texts("the of", k: 100).count == 100)
    #expect(try await fixture.texts("the missing").isEmpty)
  }
}
