import Foundation
import IngestTestKit
import Testing

@Suite("The main job from the command line")
struct JourneyTests {
  @Test("real documents are ingested, searched in every mode and with every filter, updated and deleted")
  func journey() async throws {
    let it = try DataFolderFixture()
    let samples = DataFolderFixture.repository("samples")
    let submitted = try await it.run("submit", samples, "--source", "station", "--meta", "site=north")
    #expect(submitted.status == 0)
    #expect(submitted.output.contains("6 accepted"))
    #expect(submitted.error.contains("created the data folder \(it.data)"))
    try it.write("heron.md", "# Heron\n\nThe heron stands at the intake screen each morning.")
    #expect(try await it.run("submit", it.documents).status == 0)
    try await it.drain()
    for mode in ["hybrid", "vector", "keyword"] {
      let found = try await it.search("heron at the intake screen", "--mode", mode, "-k", "3")
      #expect(found.first == "heron.md", "\(mode): \(found)")
    }
    #expect(try await it.search("heron intake", "--source", "station").contains("heron.md") == false)
    #expect(try await it.search("emergency stop pressed", "--where", "site=north").first == "generator.md")
    #expect(try await it.search("generator", "--where", "site=south").isEmpty)

    let heron = try it.write("heron.md", "# Pelican\n\nA pelican has taken the place of the other bird.")
    try await it.ingest(it.documents)
    let pelican = try await it.run("search", "pelican", "--mode", "keyword", "--json")
    #expect(pelican.output.contains("A pelican has taken"))
    #expect(try await it.search("morning", "--mode", "keyword").contains("heron.md") == false)

    let again = try await it.run("submit", it.documents)
    #expect(again.output.contains("1 unchanged"))
    let deleted = try await it.run("delete", heron)
    #expect(deleted.status == 0, "\(deleted.error)")
    try await it.drain()
    #expect(try await it.search("pelican", "--mode", "keyword").isEmpty)
    #expect(try await it.run("delete", heron).output.contains("deleted already"))
    let verified = try await it.run("index", "verify", "docs")
    #expect(verified.status == 0 && verified.output.contains("exactly what the catalogue says"), "\(verified.error)")
  }

  @Test("documents are shown by path, by a prefix of their id, page by page and chunk by chunk")
  func documents() async throws {
    let it = try DataFolderFixture()
    let path = try it.write("two.md", "# One\n\nFirst words.\n\n# Two\n\nSecond words.")
    let unread = try await it.run("submit", path)
    #expect(unread.status == 0)
    #expect(try await it.run("document", "text", path).status == 75)
    #expect(try await it.run("document", "chunks", path).status == 75)
    try await it.drain()
    let text = try await it.run("document", "text", "documents/two.md")
    #expect(text.output == "# One\n\nFirst words.\n\n# Two\n\nSecond words.\n")
    let id = try #require(try await it.json("document", "show", path).first)["document"].text
    #expect(try await it.run("document", "show", String(id.prefix(20)).lowercased()).output.contains(path))
    let chunks = try await it.json("document", "chunks", id)
    #expect(chunks.first?["chunk"].text == "\(id)-1-0")
    #expect(chunks.map { $0["text"].text }.joined().contains("Second words."))
    #expect(try await it.run("document", "text", id, "--page", "7").says("PAGE_NOT_FOUND"))
    #expect(try await it.run("document", "list").output.contains("two.md"))
    #expect(try await it.run("document", "list", "--behind", "--json").output == "")
    #expect(try await it.run("document", "show", "nowhere.md").status == 3)
    let elsewhere = try await it.run("document", "list", "--index", "dosc")
    #expect(elsewhere.status == 3 && elsewhere.error.contains("docs"))
  }

  @Test("parse shows pages or chunks of a file and stores nothing")
  func parse() async throws {
    let it = try DataFolderFixture()
    let pdf = DataFolderFixture.repository("samples/operations-handbook.pdf")
    let pages = try await ProgramRun.run("ingestd", ["parse", pdf, "--json"], folder: it.folder.path)
    let first = try #require(try JSONValue.lines(pages.output).first)
    #expect(first["page"].int == 1 && first["type"].text == "application/pdf")
    #expect(first["text"].text.contains("Operations Handbook"))
    let chunks = try await ProgramRun.run("ingestd", ["parse", pdf, "--chunks"], folder: it.folder.path)
    #expect(chunks.output.hasPrefix("chunk 0, page 1, 0–"))
    for line in chunks.lines { #expect(line.count <= 80, "\(line)") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: it.folder.path).isEmpty)
    let piped = try await ProgramRun.run("ingestd", ["parse", "-"], input: "some words", folder: it.folder.path)
    #expect(piped.output == "some words\n")
  }

  @Test("an encrypted PDF is refused without its password, and parsed with it")
  func encrypted() async throws {
    let it = try DataFolderFixture()
    let pdf = DataFolderFixture.encryptedPDF
    let password = try it.write("password", "open sesame\n")
    let wrong = try it.write("wrong", "sesame\n")
    #expect(try await it.run("parse", pdf).status == 3, "no data folder yet")
    let bare = try await ProgramRun.run("ingestd", ["parse", pdf])
    #expect(bare.status == 1 && bare.says("PDF_ENCRYPTED"))
    let closed = try await ProgramRun.run("ingestd", ["parse", pdf, "--password-file", wrong])
    #expect(closed.status == 1 && closed.says("PDF_WRONG_PASSWORD"))
    #expect(try await ProgramRun.run("ingestd", ["parse", pdf, "--password-file", password]).status == 0)
    #expect(try await it.run("submit", pdf, "--password-file", password).status == 0)
    try await it.drain()
    let status = try #require(try await it.json("status").first)
    #expect(status["completed"].int == 1 && status["dead"].int == 0)
  }

  @Test("a folder's other files are skipped and counted; a file given by name is refused by name and exits 1")
  func selection() async throws {
    let it = try DataFolderFixture()
    try it.write("a.md", "# A\n\nwords")
    try it.write(".hidden.md", "hidden")
    try FileManager.default.createDirectory(atPath: it.documents + "/sub", withIntermediateDirectories: true)
    let archive = it.documents + "/sub/archive.zip"
    try Data([0x50, 0x4B, 3, 4, 0, 0, 0, 0, 0, 0]).write(to: URL(fileURLWithPath: archive))
    let folder = try await it.run("submit", it.documents)
    #expect(folder.status == 0)
    #expect(folder.output.contains("1 accepted, 1 skipped (hidden), 1 skipped (no workflow reads their type)"))
    let named = try await it.run("submit", archive, it.documents + "/a.md", "--json")
    #expect(named.status == 1)
    let lines = try JSONValue.lines(named.output)
    #expect(lines.map { $0["outcome"].text } == ["refused", "duplicate"])
    #expect(lines[0]["error"]["code"].text == "UNSUPPORTED_TYPE")
    #expect(lines[0]["error"]["hint"].text != "")
    let many = try await it.run("submit", it.documents, "--dry-run")
    #expect(many.output.contains("1 would be submitted"))
  }

  @Test("names with spaces, emoji and line breaks are kept as they are")
  func names() async throws {
    let it = try DataFolderFixture()
    for name in ["with space.md", "🌊 wave.md", "line\nend.md", "quote'\".md", "-dash.md"] {
      try it.write(name, "# \(name.count)\n\nUnusual names are fine.")
    }
    try await it.ingest(it.documents)
    let uris = Set(try await it.json("document", "list").map { $0["uri"].text })
    #expect(uris.contains(it.documents + "/line\nend.md") && uris.contains(it.documents + "/🌊 wave.md"))
    #expect(uris.count == 5)
    let list = try await it.run("document", "list")
    #expect(list.lines.count == 6, "a line end in a name must not break the table")
    #expect(try await it.run("delete", "documents/line\nend.md").status == 0)
    #expect(try await it.run("delete", it.documents + "/-dash.md").status == 0)
  }

  @Test("a document is deleted by its id and the delete is followed; a missing one exits 3 and the others are deleted")
  func deletion() async throws {
    let it = try DataFolderFixture()
    let path = try it.write("a.md", "# A\n\nwords to forget")
    try await it.ingest(path)
    let id = try #require(try await it.json("document", "show", path).first)["document"].text
    let worker = try it.start("worker")
    try await it.eventually("a worker") { $0["workers"][0]["alive"].bool == true }
    let run = try await it.run("delete", "not-there.md", id, "--wait")
    #expect(run.status == 3 && run.says("DOCUMENT_NOT_FOUND"))
    #expect(run.output.contains("\(path): the delete is revision 2") && run.output.contains("1 completed"))
    #expect(try await it.search("forget").isEmpty)
    #expect(try await it.run("document", "text", path).says("DOCUMENT_DELETED"))
    #expect(try await it.run("document", "chunks", path).status == 3)
    // Submitted again, the document is back with a higher revision.
    #expect(try await it.run("submit", path, "--wait").status == 0)
    #expect(try await it.json("document", "chunks", id).first?["revision"].int == 3)
    worker.signal(SIGINT)
    #expect(try await worker.wait() == 0)
  }

  @Test("a worker of one source takes no jobs of the others")
  func scope() async throws {
    let it = try DataFolderFixture()
    for name in ["red", "blue"] {
      #expect(try await it.run("submit", try it.write("\(name).md", name), "--source", name).status == 0)
    }
    try await it.drain("--source", "red")
    #expect(try await it.search("red", "--mode", "keyword") == ["red.md"])
    #expect(try await it.search("blue", "--mode", "keyword").isEmpty)
    #expect(try await it.json("job", "list", "--source", "blue").first?["state"].text == "queued")
    try await it.drain()
    #expect(try await it.search("blue", "--mode", "keyword") == ["blue.md"])
  }
}
