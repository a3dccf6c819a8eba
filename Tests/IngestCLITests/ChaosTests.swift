import Foundation
import IngestTestKit
import Testing

@Suite("ingestd chaos")
struct ChaosTests {
  @Test("worlds that keep all promises exit 0, print that, and need no data folder")
  func holds() async throws {
    let folder = try TemporaryFolder()
    let run = try await ProgramRun.run(
      "ingestd", ["chaos", "--seed", "1", "--seeds", "4", "--json"], folder: folder.path)
    #expect(run.status == 0, "\(run.error)")
    let report = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(report["held"] as? Bool == true)
    #expect(report["worlds"] as? Int == 4)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("a broken promise exits 1 with the seed, the trace and the command that repeats it")
  func breaks() async throws {
    let run = try await ProgramRun.run(
      "ingestd", ["chaos", "--seed", "1", "--seeds", "40", "--plant", "double-claim"])
    #expect(run.status == 1)
    #expect(run.output.contains("broke a promise: a late worker does no harm"))
    #expect(run.output.contains("ingestd chaos --seed "))
    #expect(run.output.contains("--trace --plant double-claim"))
    #expect(run.output.contains("claims /doc-"))
  }

  @Test("two runs of one seed print the same trace")
  func prints() async throws {
    let words = ["chaos", "--seed", "11", "--trace"]
    let first = try await ProgramRun.run("ingestd", words)
    let second = try await ProgramRun.run("ingestd", words)
    #expect(first.status == 0)
    #expect(first.lines.count > 50)
    #expect(first.output == second.output)
  }

  @Test("a user's own workflow is tested, with its programs and servers simulated")
  func ownWorkflow() async throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/review.yaml"
    try """
    name: review
    steps:
      - id: read
        uses: parse
      - id: cut
        uses: chunk
      - id: label
        uses: exec
        with:
          command: [/nowhere/label]
      - id: ask
        uses: approval
      - id: tell
        uses: http
        with:
          url: http://127.0.0.1:1/hook
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let run = try await ProgramRun.run(
      "ingestd", ["chaos", "--seed", "5", "--seeds", "6", "--workflow", file, "--json"])
    #expect(run.status == 0, "\(run.output) \(run.error)")
  }

  @Test("a workflow with a mistake exits 2, an unknown one 3")
  func wrongWorkflow() async throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/bad.yaml"
    try "name: bad\nsteps:\n  - id: one\n    uses: nothing-of-the-kind\n".write(
      toFile: file, atomically: true, encoding: .utf8)
    let bad = try await ProgramRun.run("ingestd", ["chaos", "--workflow", file])
    #expect(bad.status == 2)
    let unknown = try await ProgramRun.run("ingestd", ["chaos", "--workflow", "nowhere"])
    #expect(unknown.status == 3)
  }
}
