import Foundation
import IngestCore
import IngestDocuments
import IngestTestKit
import Testing

/// PDFs damaged in every known way, read by real parser processes.
@Suite struct HostilePDFTests {
  /// A file that uses up its time limit costs as much as hundreds of others, so the normal suite has shorter limits.
  private static func limits(short: Bool) -> ParserLimits {
    ParserLimits(
      pages: 2000, text: 32 << 20, memory: 512 << 20, processorTime: .seconds(short ? 1 : 2),
      wallTime: .seconds(short ? 4 : 8), pageTime: .seconds(short ? 3 : 6))
  }

  @Test(
    "every damaged PDF ends in text or a coded refusal within its limits, and good PDFs between them are read as usual")
  func damaged() async throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["HOSTILE_PDFS"].flatMap { Int($0) } ?? 500
    let seed = environment["HOSTILE_SEED"].flatMap { UInt64($0) } ?? 1
    let program = environment["HOSTILE_PARSER"] ?? RunningProgram.path(of: "ingestd-parse")
    let pool = ParserPool(size: 2, program: program)
    var sources = try PDFs.sources(environment["HOSTILE_CORPUS"])
    // The normal suite takes the small files; `make hostile` takes all, and damages thousands.
    let isShort = environment["HOSTILE_PDFS"] == nil
    if isShort { sources.removeAll { $0.count > 64 << 10 } }
    let run = HostileRun(pool: pool, limits: Self.limits(short: isShort))
    let done = try await withThrowingTaskGroup(of: Int.self) { group in
      for lane in 0..<2 {
        group.addTask { [sources] in
          var mutator = PDFMutator(seed: seed &* 2 &+ UInt64(lane), sources: sources)
          var done = 0
          while done < count / 2 {
            let (bytes, damage) = mutator.next()
            await run.hostile("seed \(seed) lane \(lane) number \(done) (\(damage))", bytes)
            done += 1
            if done % 25 == 0 { await run.good("plain.pdf", try PDFs.plain(), text: try PDFs.plainText()) }
          }
          return done
        }
      }
      return try await group.reduce(0, +)
    }
    await run.good("plain.pdf", try PDFs.plain(), text: try PDFs.plainText())
    await run.close()
    print("\(done) damaged PDFs from \(sources.count) files, seed \(seed): \(run.counts.sorted { $0.key < $1.key }),")
    print("the slowest took \(run.slowest), \(run.children.count) parser processes")
    #expect(run.broken == [])
    #expect(run.children.count >= 2)
    // A mutator that spoils every file, or none, would test nothing.
    #expect((run.counts["text"] ?? 0) * 10 > done && (run.counts["PDF_DAMAGED"] ?? 0) * 50 > done)
  }
}

/// The documents to damage, and the undamaged one.
enum PDFs {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Returns the PDFs of a folder, by default those of the repository.
  static func sources(_ folder: String? = nil) throws -> [[UInt8]] {
    let folders =
      folder.map { [URL(filePath: $0)] }
      ?? [root.appending(path: "samples"), root.appending(path: "Tests/IngestDocumentsTests/Fixtures")]
    return try folders.flatMap { folder in
      try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".pdf") }.sorted()
        .map { [UInt8](try Data(contentsOf: folder.appending(path: $0))) }
    }
  }

  static func plain() throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appending(path: "Tests/IngestDocumentsTests/Fixtures/plain.pdf")))
  }

  /// The exact text of the undamaged document; the file has its paragraph.
  static func plainText() throws -> String {
    let file = root.appending(path: "Tests/IngestDocumentsTests/Fixtures/plain.txt")
    let rest = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .newlines)
    return (1...3).map { "This is page \($0) of three. \(rest)\n\nA second paragraph. \(rest)" }.joined(
      separator: "\n\n")
  }
}
