import Foundation
import IngestTestKit
import Testing

@Suite("Damaged and foreign data folders")
struct DamageTests {
  /// Makes a data folder with one document and an empty write-ahead log.
  private func sound() async throws -> DataFolderFixture {
    let it = try DataFolderFixture()
    try await it.ingest(try it.write("a.md", "# A\n\nwords that stay"))
    return it
  }

  private func expectRefusal(
    _ it: DataFolderFixture, _ code: String, _ status: Int32, location: SourceLocation = #_sourceLocation
  ) async throws {
    let before = try Data(contentsOf: URL(fileURLWithPath: it.data + "/ingestd.db"))
    let commands = [
      ["status"], ["submit", it.documents], ["search", "words"], ["worker", "--drain"], ["job", "list"],
      ["document", "list"], ["index", "list"],
    ]
    for words in commands {
      let run = try await it.run(words)
      #expect(run.status == status && run.says(code), "\(words): \(run.error)", sourceLocation: location)
    }
    let doctor = try await it.run("doctor")
    #expect(doctor.status == 1 && doctor.output.contains("fail"), sourceLocation: location)
    let after = try Data(contentsOf: URL(fileURLWithPath: it.data + "/ingestd.db"))
    #expect(after == before, "nothing is written to it", sourceLocation: location)
  }

  private func overwrite(_ path: String, at offset: UInt64, _ bytes: Data) throws {
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seek(toOffset: offset)
    try file.write(contentsOf: bytes)
    try file.close()
  }

  @Test("a database with an overwritten header is reported, and never replaced")
  func header() async throws {
    let it = try await sound()
    try overwrite(it.data + "/ingestd.db", at: 0, Data("this is no database".utf8))
    try await expectRefusal(it, "DATABASE_NOT_SQLITE", 1)
  }

  @Test("overwritten pages of the database are reported by every command that reads them")
  func pages() async throws {
    let it = try await sound()
    let noise = Data((0..<40 * 4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) })
    try overwrite(it.data + "/ingestd.db", at: 3 * 4096, noise)
    try await expectRefusal(it, "DATABASE_CORRUPT", 1)
  }

  @Test("a truncated database is reported")
  func truncated() async throws {
    let it = try await sound()
    let file = try #require(FileHandle(forWritingAtPath: it.data + "/ingestd.db"))
    try file.truncate(atOffset: 30_000)
    try file.close()
    try await expectRefusal(it, "DATABASE_CORRUPT", 1)
  }

  @Test("an empty database beside existing indexes is not initialised again")
  func empty() async throws {
    let it = try await sound()
    let file = try #require(FileHandle(forWritingAtPath: it.data + "/ingestd.db"))
    try file.truncate(atOffset: 0)
    try file.close()
    try await expectRefusal(it, "DATABASE_LOST", 1)
  }

  @Test("a missing database beside existing indexes is not created again")
  func gone() async throws {
    let it = try await sound()
    try FileManager.default.removeItem(atPath: it.data + "/ingestd.db")
    let submit = try await it.run("submit", it.documents)
    #expect(submit.status == 1 && submit.says("DATABASE_LOST"))
    #expect(!FileManager.default.fileExists(atPath: it.data + "/ingestd.db"))
  }

  @Test("a database of a newer program is refused with exit 4, also by doctor")
  func newer() async throws {
    let it = try await sound()
    try await DatabaseEdit.run(
      "INSERT INTO schema_migrations VALUES (9999, '9999_future', 1, 1)", on: it.data + "/ingestd.db")
    try await expectRefusal(it, "DATABASE_NEWER", 4)
    #expect(try await it.run("migrate", "--dry-run").status == 4)
  }

  @Test("doctor finds wrong counters")
  func counters() async throws {
    let it = try await sound()
    try await DatabaseEdit.run("UPDATE sources SET queued = 3", on: it.data + "/ingestd.db")
    let doctor = try await it.run("doctor", "--json")
    #expect(doctor.status == 1)
    let failed = try JSONValue.lines(doctor.output).filter { $0["state"].text == "fail" }
    #expect(failed.map { $0["check"].text } == ["counters"])
    #expect(failed.first?["message"].text.contains("counts 3 queued jobs and has 0") == true)
  }

  @Test("doctor finds a missing blob file, and `document text` reports it")
  func blob() async throws {
    let it = try DataFolderFixture()
    let words = (0..<20_000).map { "word\($0)" }.joined(separator: " ")
    #expect(try await it.run("submit", try it.write("large.txt", words)).status == 0)
    try FileManager.default.removeItem(atPath: it.data + "/blobs")
    let doctor = try await it.run("doctor")
    #expect(doctor.status == 1 && doctor.output.contains("blobs: 1 of 1 files are missing"), "\(doctor.output)")
  }

  @Test("a file in place of a folder of the data folder is reported")
  func fileForFolder() async throws {
    let it = try await sound()
    try FileManager.default.removeItem(atPath: it.data + "/workers")
    try Data().write(to: URL(fileURLWithPath: it.data + "/workers"))
    let worker = try await it.run("worker", "--drain")
    #expect(worker.status == 1 && worker.says("FILE_UNUSABLE"), "\(worker.error)")
    #expect(try await it.run("status").status == 0)
  }
}
