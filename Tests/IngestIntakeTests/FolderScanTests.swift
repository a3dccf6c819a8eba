import FoundationEssentials
import Glibc
import IngestBlobs
import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestIntake
import IngestOperations
import IngestStore
import IngestTestKit
import Testing

private struct UTCOnly: TimeZoneSource {
  func rules(of zone: String) -> TimeZoneRules { .utc }
}

/// A store, its blobs and a folder of documents.
private struct ScanFixture {
  let base: StoreFixture
  let operations: Operations
  let blobs: FileBlobStore
  var folder: String { base.folder.file("docs") }

  init() async throws {
    base = try await StoreFixture()
    blobs = FileBlobStore(folder: base.folder.file("blobs"), rows: base.store)
    operations = Operations(
      OperationParts(
        submits: base.store, enqueues: base.store, jobs: base.store, signals: base.store, documents: base.store,
        generations: base.store,
        limits: base.store, breakers: base.store, schedules: base.store,
        backends: BackendRegistry([SQLiteIndex(folder: base.folder.file("indexes"))]), zones: UTCOnly(),
        clock: base.clock),
      actor: Actor(.program, "test"))
    mkdir(folder, 0o700)
  }

  func write(_ name: String, _ text: String) throws { try base.folder.write(text, to: "docs/\(name)") }
  func remove(_ name: String) { unlink("\(folder)/\(name)") }

  func scan(sync: Bool = true, allowsEmpty: Bool = false, isDryRun: Bool = false) -> FolderScan {
    FolderScan(
      submitter: operations, blobs: blobs,
      template: SubmitRequest(
        index: "docs", source: "default", uri: "", change: .delete, workflow: StoreFixture.workflow(), actor: "test"),
      removal: sync ? StoreFixture.workflow("delete") : nil, allowsEmpty: allowsEmpty, isDryRun: isDryRun)
  }

  /// Returns one line for each item: its outcome and its name.
  func lines(_ scan: FolderScan, _ options: SelectionOptions = SelectionOptions()) async throws -> [String] {
    var reported: [String] = []
    _ = try await scan.run(folder, options) { lines, _ in reported += lines.map(word) }
    return reported
  }

  func word(_ line: SubmissionLine) -> String {
    let name = line.uri.hasPrefix(folder + "/") ? String(line.uri.dropFirst(folder.count + 1)) : line.uri
    return switch line.outcome {
    case .answered(let receipt): "\(receipt.outcome.rawValue) \(name)"
    case .planned: "planned \(name)"
    case .vanished(nil): "would-delete \(name)"
    case .vanished: "deleted \(name)"
    case .skipped(let reason): "\(reason.rawValue) \(name)"
    case .refused(let failure): "\(failure.code) \(name)"
    }
  }

  func wanted() async throws -> Set<String> {
    let uris = try await base.store.uris(
      index: "docs", source: "default", prefix: folder + "/", after: nil, limit: 1000)
    return Set(uris.map { String($0.dropFirst(folder.count + 1)) })
  }

  func code(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch {
      return Failure(error).code
    }
  }
}

@Suite("Folder scans")
struct FolderScanTests {
  @Test("new and changed files are submitted, unchanged ones are not, and vanished ones are deleted if requested")
  func sync() async throws {
    let it = try await ScanFixture()
    for name in ["a.txt", "b.txt", "sub/c.txt"] { try it.write(name, "text of \(name)") }
    try it.write("picture.png", "PK\u{3}\u{4}")
    try it.write(".hidden", "x")
    let first = try await it.lines(it.scan())
    #expect(first.filter { $0.hasPrefix("accepted") } == ["accepted a.txt", "accepted b.txt", "accepted sub/c.txt"])
    #expect(first.contains("hidden .hidden"))
    try it.write("b.txt", "another text")
    try it.write("d.txt", "new")
    it.remove("a.txt")
    #expect(
      try await it.lines(it.scan(isDryRun: true)).filter { !$0.hasPrefix("hidden") && !$0.contains("picture") }
        == ["planned b.txt", "planned d.txt", "duplicate sub/c.txt", "would-delete a.txt"])
    #expect(try await it.wanted() == ["a.txt", "b.txt", "sub/c.txt"])
    #expect(
      try await it.lines(it.scan()).filter { !$0.hasPrefix("hidden") && !$0.contains("picture") }
        == ["accepted b.txt", "accepted d.txt", "duplicate sub/c.txt", "deleted a.txt"])
    #expect(try await it.wanted() == ["b.txt", "d.txt", "sub/c.txt"])
  }

  @Test("without sync nothing is deleted; with sync, existing and excluded files and those of other folders stay")
  func kept() async throws {
    let it = try await ScanFixture()
    for name in ["a.txt", "b.txt", "sub/c.txt"] { try it.write(name, name) }
    _ = try await it.lines(it.scan())
    var beside = StoreFixture.request(it.folder + "-other/x.txt")
    _ = try await it.base.store.submit(beside)
    beside.uri = "https://example.org/"
    _ = try await it.base.store.submit(beside)
    it.remove("a.txt")
    #expect(try await it.lines(it.scan(sync: false)).allSatisfy { !$0.hasPrefix("deleted") })
    let reported = try await it.lines(it.scan(), SelectionOptions(exclude: ["sub"]))
    #expect(reported.filter { $0.hasPrefix("deleted") } == ["deleted a.txt"])
    #expect(try await it.wanted() == ["b.txt", "sub/c.txt"])
    let others = try await it.base.store.uris(index: "docs", source: "default", prefix: "", after: nil, limit: 100)
    #expect(others.count == 4)
  }

  @Test("nothing is deleted if the folder is missing, not a folder, or empty like an unmounted disk")
  func guards() async throws {
    let it = try await ScanFixture()
    #expect(await it.code { _ = try await it.lines(it.scan()) } == nil)
    try it.write("a.txt", "a")
    _ = try await it.lines(it.scan())
    it.remove("a.txt")
    #expect(await it.code { _ = try await it.lines(it.scan()) } == "SCAN_ROOT_EMPTY")
    #expect(await it.code { _ = try await it.lines(it.scan(sync: false)) } == nil)
    rmdir(it.folder)
    #expect(await it.code { _ = try await it.lines(it.scan(allowsEmpty: true)) } == "SCAN_ROOT_MISSING")
    try it.base.folder.write("x", to: "docs")
    #expect(await it.code { _ = try await it.lines(it.scan(allowsEmpty: true)) } == "SCAN_ROOT_NOT_FOLDER")
    #expect(try await it.wanted() == ["a.txt"])
    unlink(it.folder)
    mkdir(it.folder, 0o700)
    #expect(try await it.lines(it.scan(allowsEmpty: true)) == ["deleted a.txt"])
    #expect(try await it.wanted() == [])
  }

  @Test("a folder that is replaced during the walk loses no document")
  func replaced() async throws {
    let it = try await ScanFixture()
    for number in 0..<3 { try it.write("\(number).txt", "text \(number)") }
    _ = try await it.lines(it.scan())
    let code = await it.code {
      _ = try await it.scan().run(it.folder, SelectionOptions()) { _, _ in
        rename(it.folder, it.folder + "-away")
        mkdir(it.folder, 0o700)
      }
    }
    #expect(code == "SCAN_ROOT_CHANGED")
    #expect(try await it.wanted().count == 3)
  }

  @Test("a killed scan continues after the last batch that it reported")
  func resumed() async throws {
    struct Killed: Error {}
    let it = try await ScanFixture()
    // `a` is a folder and a prefix of other names: the walk's order differs from that of whole paths.
    for number in 0..<90 {
      try it.write("\(number % 3 == 0 ? "a" : number % 3 == 1 ? "a.b" : "a-b")/\(number).txt", "\(number)")
    }
    try it.write("gone.txt", "gone")
    _ = try await it.lines(it.scan())
    it.remove("gone.txt")
    var kept: ScanProgress?
    var before = 0
    await #expect(throws: Killed.self) {
      _ = try await it.scan().run(it.folder, SelectionOptions()) { lines, progress in
        if kept != nil { throw Killed() }
        kept = progress
        before = lines.count
      }
    }
    let cursor = try JSONDecoder().decode(ScanProgress.self, from: JSONEncoder().encode(try #require(kept)))
    var after: [String] = []
    let end = try await it.scan().run(it.folder, SelectionOptions(), from: cursor) { lines, _ in
      after += lines.map(it.word)
    }
    #expect(before == 32)
    #expect(after.count == 90 - 32 + 1)
    #expect(after.last == "deleted gone.txt")
    #expect((end.files, end.tally.duplicate, end.tally.deleted) == (90, 90, 1))
  }

  @Test("a cursor is one flat object, also as older versions stored it")
  func storedCursor() throws {
    let text = """
      {"accepted":3,"after":"/docs/a.txt","deleted":1,"duplicate":2,"failures":["X: x"],"files":9,"isWalked":true,"planned":0,\
      "refused":1,"root":"1:2:/docs","skipped":4,"unchanged":5}
      """
    let progress = try JSONDecoder().decode(ScanProgress.self, from: Data(text.utf8))
    let tally = progress.tally
    #expect((progress.files, tally.accepted, tally.deleted, tally.duplicate) == (9, 3, 1, 2))
    #expect((tally.refused, tally.skipped, tally.unchanged, tally.failures) == (1, 4, 5, ["X: x"]))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    #expect(String(decoding: try encoder.encode(progress), as: UTF8.self) == text)
  }

  @Test("uris are found by their prefix, one page at a time")
  func uris() async throws {
    let it = try await ScanFixture()
    for uri in ["/a/1", "/a/2", "/a/\u{10FFFD}", "/a0", "/a", "/b/1"] {
      _ = try await it.base.store.submit(StoreFixture.request(uri))
    }
    let store = it.base.store
    let first = try await store.uris(index: "docs", source: "default", prefix: "/a/", after: nil, limit: 2)
    #expect(first == ["/a/1", "/a/2"])
    let rest = try await store.uris(index: "docs", source: "default", prefix: "/a/", after: "/a/2", limit: 2)
    #expect(rest == ["/a/\u{10FFFD}"])
    #expect(try await store.uris(index: "docs", source: "other", prefix: "/a/", after: nil, limit: 2) == [])
  }
}
