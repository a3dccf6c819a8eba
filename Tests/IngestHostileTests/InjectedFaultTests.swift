import Foundation
import Glibc
import IngestCore
import IngestDocuments
import IngestParserWire
import IngestProcess
import IngestTestKit
import Testing

/// Parser processes that misbehave on purpose. A hostile run must find each of them.
@Suite struct InjectedFaultTests {
  private static let limits = ParserLimits(processorTime: .seconds(2), wallTime: .seconds(2), pageTime: .seconds(1))

  enum Fault: String, CaseIterable {
    case hangs, dies, lies, endsEarly, goesOn, beginsTwice, talksNonsense, refusesOddly

    /// The bytes with which the process answers each request.
    var answer: [UInt8]? {
      let info = ParserReply.document(WireDocument(pageCount: 1, title: "", author: ""))
      let page = ParserReply.page(WirePage(number: 1, text: "lies", headings: []))
      let replies: [ParserReply] =
        switch self {
        case .hangs: []
        case .dies, .talksNonsense: []
        case .lies: [info, page, .done]
        case .endsEarly: [.document(WireDocument(pageCount: 3, title: "", author: "")), page, .done]
        case .goesOn: [info, page, .done, page]
        case .beginsTwice: [info, page, info, page, .done]
        case .refusesOddly: [.refused(WireRefusal(reason: .badRequest, detail: "no"))]
        }
      if self == .talksNonsense { return [0xFF, 0xFF, 0xFF, 0xFF, 0xFF] }
      return self == .dies ? nil : replies.flatMap(Frame.encode)
    }

    /// The error code of a document that it is given.
    var code: String? {
      switch self {
      case .hangs: "PARSER_TIMEOUT"
      case .dies, .endsEarly, .goesOn, .beginsTwice, .talksNonsense: "PARSER_CRASHED"
      case .refusesOddly: "PARSER_FAILED"
      case .lies: nil
      }
    }
  }

  @Test("a misbehaving parser process is found", arguments: Fault.allCases)
  func process(_ fault: Fault) async throws {
    try await TemporaryFolder.with { folder in
      let pool = ParserPool(size: 1, program: try Self.program(fault, in: folder))
      let run = HostileRun(pool: pool, limits: Self.limits)
      await run.hostile("any.pdf", try PDFs.plain())
      #expect(run.counts == [fault.code ?? "text": 1])
      await run.good("plain.pdf", try PDFs.plain(), text: try PDFs.plainText())
      #expect(run.broken.contains { $0.contains("a good document ends in") })
      if fault == .refusesOddly { #expect(run.broken.contains { $0.contains("PARSER_FAILED is transient") }) }
      await run.close()
      #expect(!run.broken.contains { $0.contains("left behind") })
    }
  }

  @Test("a document that takes longer than its limit is found")
  func late() async throws {
    try await TemporaryFolder.with { folder in
      let pool = ParserPool(size: 1, program: try Self.program(.hangs, in: folder))
      let judged = ParserLimits(wallTime: .milliseconds(100))
      let run = HostileRun(pool: pool, limits: judged, enforced: Self.limits, grace: .milliseconds(100))
      await run.hostile("late.pdf", try PDFs.plain())
      #expect(run.broken.contains { $0.contains("late.pdf: took") })
      await run.close()
    }
  }

  @Test("a process over its memory limit is found")
  func memory() async throws {
    let pool = ParserPool(size: 1, program: RunningProgram.path(of: "ingestd-parse"))
    let run = HostileRun(pool: pool, limits: ParserLimits(memory: 1 << 20), enforced: ParserLimits())
    await run.hostile("large.pdf", try PDFs.plain())
    #expect(run.broken.contains { $0.contains("a parser process used") })
    await run.close()
  }

  @Test("a process that is left behind is found")
  func orphan() async throws {
    let (ours, theirs) = try Channel.pair()
    let child = try await Spawner.shared.spawn(
      SpawnRequest(program: RunningProgram.path(of: "ingestd-parse"), descriptors: [theirs.socket, nil, nil]))
    let run = HostileRun(pool: ParserPool(size: 1, program: "/none"), limits: Self.limits)
    run.expectEnd(of: child.pid)
    await run.close(patience: .milliseconds(50))
    #expect(run.broken == ["1 parser processes are left behind"])
    withExtendedLifetime(ours) { child.kill() }
    _ = await child.exit()
  }

  /// Returns a shell script that sends a greeting, and then the same answer to every request.
  private static func program(_ fault: Fault, in folder: TemporaryFolder) throws -> String {
    let request = "dd bs=65536 count=1 <&0 >/dev/null 2>&1"
    let answer = fault.answer.map { "\(request); \(printing($0))" } ?? "\(request); exit 3"
    let script =
      "#!/bin/sh\n\(printing(Frame.encode(.hello(version: ProgramVersion.text))))\nwhile :; do \(answer); done\n"
    try folder.write(script, to: "parser")
    chmod(folder.file("parser"), 0o755)
    return folder.file("parser")
  }

  private static func printing(_ bytes: [UInt8]) -> String {
    guard !bytes.isEmpty else { return ":" }
    let octal = bytes.map { byte in
      let digits = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
    // printf would interpret `%`, but not within an octal escape.
    return "printf '\(octal.joined())' >&0 || exit"
  }
}
