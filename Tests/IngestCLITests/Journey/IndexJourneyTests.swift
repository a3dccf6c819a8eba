import Foundation
import IngestTestKit
import Testing

@Suite("Hot swap from the command line")
struct IndexJourneyTests {
  @Test("a generation is built beside the live one, swapped in, rolled back and collected")
  func swap() async throws {
    let it = try DataFolderFixture()
    try it.configure(
      """
      embedders:
        test:
          provider: openai
          model: m
          dimensions: 8
          base-url: \(it.address(try EmbeddingServer()))
      """)
    try it.write("a.md", "# Alpha\n\nThe first letter.")
    try it.write("b.md", "# Beta\n\nThe second letter.")
    try await it.ingest(it.documents)

    let same = try await it.run("index", "build", "docs")
    #expect(same.status == 4 && same.says("GENERATION_SAME"))
    #expect(try await it.run("index", "swap", "docs").says("NO_CANDIDATE"))
    let built = try #require(
      try await it.json("index", "build", "docs", "--chunk-tokens", "64", "--chunk-max", "96").first)
    #expect(built["generation"].int == 2)
    let early = try await it.run("index", "swap", "docs")
    #expect(early.status == 4 && early.error.contains("2"), "\(early.error)")
    #expect(early.says("SWAP_REFUSED"))
    // A submit during the build goes to both generations.
    #expect(try await it.run("submit", try it.write("c.md", "# Gamma\n\nThe third letter.")).status == 0)
    try await it.drain()
    #expect(try await it.json("index", "swap", "docs").first?["live"].int == 2)
    #expect(try await it.search("third letter", "--mode", "keyword").first == "c.md")
    let answer = try #require(try await it.json("search", "letter").first)
    #expect(answer["generation"].int == 2)
    #expect(try await it.json("search", "letter", "--generation", "1").first?["generation"].int == 1)
    // The generation that was live before still receives writes.
    try await it.ingest(try it.write("d.md", "# Delta\n\nThe fourth letter."))
    let report = try #require(try await it.json("index", "show", "docs").first)
    #expect(report["live"].int == 2)
    #expect(report["generations"].list.map { $0["behind"].int } == [0, 0])
    #expect(report["generations"].list.map { $0["documents"].int } == [4, 4])
    #expect(try await it.json("index", "rollback", "docs").first?["live"].int == 1)
    #expect(try await it.search("fourth letter", "--mode", "keyword").first == "d.md")
    for line in try await it.json("index", "verify", "docs") { #expect(line["proved"].bool == true) }
    #expect(try await it.run("index", "gc", "docs", "--generation", "1").status == 4, "the live one")
    #expect(try await it.json("index", "gc", "docs").first?["generations"].list == [.number(2)])
    let back = try await it.run("index", "rollback", "docs")
    #expect(back.status == 4 && back.says("NO_PREVIOUS"))
    #expect(try await it.run("index", "history", "docs").lines.count >= 5)
    #expect(try await it.run("index", "show", "nothing").status == 3)
  }

  @Test("a swap that lacks a dead document is refused and names it, until the operator accepts that")
  func died() async throws {
    let it = try DataFolderFixture()
    let path = try it.write("a.md", "# Alpha\n\nThe first letter.")
    try await it.ingest(path)
    var limits = EmbeddingServer.Limits()
    limits.refuses = { $0.contains("first") }
    try it.configure(
      """
      embedders:
        picky:
          provider: openai
          model: m
          dimensions: 8
          base-url: \(it.address(try EmbeddingServer(limits: limits)))
      """)
    #expect(try await it.run("index", "build", "docs", "--embedder", "picky").status == 0)
    try await it.drain()
    let refused = try await it.run("index", "swap", "docs")
    #expect(refused.status == 4 && refused.error.contains("a.md"), "\(refused.error)")
    #expect(try await it.run("index", "swap", "docs", "--accept-missing", "1").status == 0)
  }

  @Test("verify and doctor find documents that an index lost, and a repair restores them")
  func repair() async throws {
    let it = try DataFolderFixture()
    try it.write("a.md", "# Alpha\n\nThe first letter.")
    try await it.ingest(it.documents)
    let files = try FileManager.default.contentsOfDirectory(atPath: it.data + "/indexes")
    for name in files where name.hasSuffix(".vectors") {
      try FileManager.default.removeItem(atPath: it.data + "/indexes/" + name)
    }
    let search = try await it.run("search", "letter")
    #expect(search.status == 1 && search.says("INDEX_DAMAGED"))
    let doctor = try await it.run("doctor")
    #expect(doctor.status == 1 && doctor.output.contains("index verify docs --repair"))
    #expect(try await it.run("index", "verify", "docs").status == 1)
    _ = try await it.run("index", "verify", "docs", "--repair")
    try await it.drain()
    #expect(try await it.run("index", "verify", "docs").status == 0)
    #expect(try await it.search("letter") == ["a.md"])
  }
}
