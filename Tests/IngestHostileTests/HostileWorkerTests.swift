import Foundation
import IngestTestKit
import Testing

/// A folder of damaged PDFs through the program itself.
@Suite struct HostileWorkerTests {
  private struct Status: Decodable {
    var queued: Int
    var running: Int
    var waiting: Int
    var completed: Int
    var dead: Int
  }

  private struct Dead: Decodable {
    struct ReportedError: Decodable {
      var code: String
      var message: String
    }

    var job: String
    var error: ReportedError
  }

  @Test("a worker survives two hundred damaged PDFs, and each of their jobs completes or is dead with a code")
  func worker() async throws {
    try await TemporaryFolder.with { folder in
      var mutator = PDFMutator(seed: 99, sources: try PDFs.sources())
      try FileManager.default.createDirectory(atPath: folder.file("in"), withIntermediateDirectories: true)
      for number in 0..<200 {
        try Data(mutator.next().bytes).write(to: URL(filePath: folder.file("in/\(number).pdf")))
      }
      try Data(try PDFs.plain()).write(to: URL(filePath: folder.file("in/good.pdf")))
      // This is one character to Swift, but ten thousand bytes to a checkpoint.
      let title = "e" + String(repeating: "\u{301}", count: 5000)
      try folder.write("---\ntitle: \(title)\n---\nA flange of odd marks.\n", to: "in/marks.md")
      try folder.write("parser: {cpu: 1s, wall: 5s, processes: 2}\n", to: "ingestd.yaml")
      let common = ["--data", folder.file("data"), "--config", folder.file("ingestd.yaml"), "--json"]
      let submit = try await ProgramRun.run("ingestd", ["submit", folder.file("in")] + common)
      let accepted = submit.lines.count { $0.contains("\"outcome\":\"accepted\"") }
      #expect(submit.status == 0 && accepted > 150, "\(submit.status): \(submit.error)")
      let worker = try await ProgramRun.run("ingestd", ["worker", "--drain"] + common)
      #expect(worker.status == 0, "\(worker.error.suffix(2000))")
      let report = try await ProgramRun.run("ingestd", ["status"] + common)
      let status = try TestJSON.decode(Status.self, report.output)
      #expect(status.queued == 0 && status.running == 0 && status.waiting == 0)
      #expect(status.completed + status.dead == accepted)
      let list = try await ProgramRun.run("ingestd", ["dead", "list", "--limit", "1000"] + common)
      let dead = try list.lines.map { try TestJSON.decode(Dead.self, String($0)) }
      #expect(dead.count == status.dead)
      var codes: [String: Int] = [:]
      for letter in dead {
        codes[letter.error.code, default: 0] += 1
        let isKnown = HostileRun.kinds[letter.error.code] != nil || letter.error.code == "QUARANTINED"
        #expect(isKnown, "\(letter.error.code): \(letter.error.message)")
      }
      print("a worker: \(accepted) accepted, \(status.completed) completed, \(status.dead) dead: \(codes)")
      let search = try await ProgramRun.run("ingestd", ["search", "another takes its job", "-k", "100"] + common)
      #expect(search.output.contains("good.pdf"))
      let odd = try await ProgramRun.run("ingestd", ["search", "flange of odd marks"] + common)
      #expect(odd.output.contains("marks.md"))
    }
  }
}
