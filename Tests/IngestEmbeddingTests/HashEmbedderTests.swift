import IngestCore
import IngestEmbedding
import Testing

@Suite struct HashEmbedderTests {
  private func vector(_ text: String, dimensions: Int = 384) async throws -> [Float] {
    var spec = EmbedderSettings.hash.spec
    spec.dimensions = dimensions
    return try await HashEmbedder(spec).embed([text])[0]
  }

  private func cosine(_ left: [Float], _ right: [Float]) -> Float { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }

  // Indexes hold vectors that were made years before: if this test fails, the change needs a new model name.
  @Test("the vectors of hash/1 never change")
  func pinned() async throws {
    let texts = [
      "", "-", "a", "The engine keeps every step's result; 2026.", "Grüße aus ŁÓDŹ, ΣΊΣΥΦΟΣ и ЁЖИК", "東京タワーは高い。",
      "co\u{AD}operate 👩‍💻 ﬁ", String(repeating: "word salad ", count: 500),
    ]
    let digests = try await HashEmbedder().embed(texts).map { vector in
      vector.reduce(UInt64(0)) { ($0 ^ UInt64($1.bitPattern)) &* 0x9E37_79B9_7F4A_7C15 }
    }
    #expect(
      digests == [
        1_361_825_737_933_324_288, 9_413_080_571_921_301_504, 17_884_076_210_591_304_365, 10_709_664_151_973_675_329,
        16_109_770_835_891_278_070, 1_548_396_583_530_750_516, 4_814_065_612_889_350_298, 1_117_814_169_159_169_240,
      ])
  }

  @Test("every text has a unit vector of the right size", arguments: [8, 100, 384, 4096])
  func unit(dimensions: Int) async throws {
    for text in [
      "", " ", "\n\t", "—", "…", "👍", "a", "a b", "the of and", String(repeating: "x", count: 100_000), "\0",
    ] {
      let vector = try await vector(text, dimensions: dimensions)
      #expect(vector.count == dimensions)
      #expect(abs(cosine(vector, vector) - 1) < 1e-4, "\(text.prefix(20))")
    }
  }

  @Test("features that cancel each other out still leave a unit vector")
  func cancelled() async throws {
    // With eight dimensions, some pair of equal weights meets with opposite signs.
    for left in "abcdefghijklmnopqrstuvwxyz" {
      for right in "abcdefghijklmnopqrstuvwxyz" {
        let vector = try await vector("\(left) \(right)", dimensions: 8)
        #expect(abs(cosine(vector, vector) - 1) < 1e-4)
      }
    }
  }

  @Test("case, punctuation and order make no difference, diacritics do")
  func folding() async throws {
    let plain = try await vector("quick brown fox")
    #expect(try await vector("The-QUICK, brown: FOX!") != plain)
    #expect(cosine(try await vector("Brown (fox) — QUICK?"), plain) > 0.999)
    #expect(cosine(try await vector("ÉCOLE ŁÓDŹ ΣΊΣΥΦΟΣ ЁЖИК"), try await vector("école łódź σίσυφος ёжик")) > 0.999)
    #expect(cosine(try await vector("ecole"), try await vector("école")) < 0.9)
    #expect(cosine(try await vector("co\u{AD}operate"), try await vector("cooperate")) > 0.999)
  }

  @Test("the other texts of a call do not change a text's vector")
  func independent() async throws {
    let texts = ["one text", String(repeating: "many different words ", count: 300), "", "one text"]
    let together = try await HashEmbedder().embed(texts)
    for (position, text) in texts.enumerated() { #expect(try await vector(text) == together[position]) }
  }

  static let paragraphs = [
    "The circuit breaker of an embedding provider opens after five failures in a row and lets a single probe through.",
    "Chunks are cut at headings first, then at paragraphs and sentences, and overlap by a few tokens.",
    "A generation is one physical build of an index; exactly one of them is live and answers the readers' queries.",
    "To roll back, the alias is pointed to the previous generation in one transaction, without any downtime.",
    "Leases last thirty seconds and are renewed every ten; a worker that died is noticed by its file lock.",
    "PDF pages are read by poppler in a child process with limits on memory and processor time.",
    "Dead letters keep the whole error chain until an operator redrives or purges them.",
    "Rate limits refuse a submission, throttles delay work, and concurrency caps how many jobs run at once.",
    "Backups copy the SQLite database and the blob files into a folder that can be restored on another machine.",
    "Die Rechnung ist innerhalb von dreißig Tagen nach Erhalt ohne Abzug zu zahlen.",
    "Der Mietvertrag kann von beiden Parteien mit einer Frist von drei Monaten gekündigt werden.",
    "東京タワーは1958年に完成した高さ333メートルの電波塔である。",
    "京都には多くの古い寺院と庭園があり、秋の紅葉が有名である。",
  ]

  static let queries: [(String, Int)] = [
    ("when does the circuit breaker open", 0),
    ("how is text chunked at headings", 1),
    ("which generation answers queries", 2),
    ("rollback to the previous generation", 3),
    ("renewal of a worker's lease", 4),
    ("memory limit for reading PDF page", 5),
    ("purging dead letter", 6),
    ("difference of throttle and rate limit", 7),
    ("restore a backup of the database", 8),
    ("Zahlung der Rechnungen in 30 Tagen", 9),
    ("Kündigungsfrist im Mietvertrag", 10),
    ("東京タワーの高さ", 11),
    ("京都の紅葉", 12),
  ]

  @Test("a query finds the paragraph that has its words, also inflected or in compounds", arguments: queries)
  func retrieval(query: String, expected: Int) async throws {
    let vectors = try await HashEmbedder().embed(Self.paragraphs)
    let asked = try await vector(query)
    let ranked = vectors.indices.sorted { cosine(vectors[$0], asked) > cosine(vectors[$1], asked) }
    #expect(ranked[0] == expected, "\(ranked.prefix(3)) \(ranked.prefix(3).map { cosine(vectors[$0], asked) })")
  }

  @Test("another model or an unusable dimension is refused")
  func refused() {
    var spec = EmbedderSettings.hash.spec
    spec.model = "hash/2"
    #expect(throws: EmbeddingError.self) { try HashEmbedder(spec) }
    spec.model = "hash/1"
    spec.dimensions = 0
    #expect(throws: EmbeddingError.self) { try HashEmbedder(spec) }
  }
}
