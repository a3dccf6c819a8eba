import Foundation
import Glibc
import IngestCore
import IngestDocuments
import IngestProcess
import Testing

/// Harmful documents, each read by the real parser process.
@Suite struct ParserPoolTests {
  /// Many layers of text: poppler's search for columns takes minutes.
  private static let endless: String = {
    let words = String(repeating: "bomb ", count: 40)
    return (0..<40_000).map { "BT /F1 9 Tf 1 0 0 1 20 \($0 % 700) Tm (\(words)) Tj ET\n" }.joined()
  }()

  @Test("the sandbox refuses files, programs, processes, sockets and more")
  func sandbox() async throws {
    let (ours, theirs) = try Channel.pair()
    let child = try await Spawner.shared.spawn(
      SpawnRequest(
        program: parserProgram, arguments: ["--self-test-sandbox"], descriptors: [nil, theirs.socket, nil]))
    let status = await child.exit()
    var bytes: [UInt8] = []
    _ = try ours.receive(into: &bytes, within: .seconds(60))
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    #expect(lines.count >= 13)
    for line in lines { #expect(line.hasSuffix(": refused")) }
    #expect(status == .exited(0))
  }

  @Test("after a document that exceeds its processor time, the next one is read")
  func processorTime() async throws {
    let pool = ParserPool(size: 1, program: parserProgram)
    let bytes = makePDF([line("Good"), Self.endless])
    let limits = ParserLimits(processorTime: .milliseconds(1))
    let reading = try await read("hang.pdf", bytes, limits: limits, pool: pool)
    #expect(reading.failure?.code == "PARSER_TIMEOUT")
    #expect(reading.failure?.kind == .poison)
    #expect(reading.failure?.message.contains("hang.pdf (page 2)") == true)
    #expect(reading.pages.map(\.text) == ["Good"])
    #expect(try await read("plain.pdf", pool: pool).pages.count == 3)
  }

  @Test("a page that takes too long ends its own parser process and no other")
  func wallTime() async throws {
    let pool = ParserPool(size: 1, program: parserProgram)
    let reading = try await read(
      "slow.pdf", makePDF([line("Good"), Self.endless]), limits: ParserLimits(pageTime: .seconds(3)), pool: pool)
    #expect(reading.failure?.code == "PARSER_TIMEOUT")
    #expect(reading.failure?.message.contains("(page 2)") == true)
    #expect(try await read("plain.pdf", pool: pool).pages.count == 3)
  }

  @Test("a document that needs too much memory is refused with its name, page and limit")
  func memory() async throws {
    let pool = ParserPool(size: 1, program: parserProgram)
    let limit = 220 * 1024 * 1024
    // Each `q` keeps a copy of the graphics state.
    let reading = try await read(
      "fat.pdf", makePDF([line("Good"), String(repeating: "q ", count: 1_000_000)]),
      limits: ParserLimits(memory: limit), pool: pool)
    #expect(reading.failure?.code == "PARSER_MEMORY")
    #expect(reading.failure?.message.contains("220 MiB") == true)
    #expect(reading.failure?.message.contains("(page 2)") == true)
    #expect(reading.pages.map(\.text) == ["Good"])
    #expect(try await read("plain.pdf", pool: pool).pages.count == 3)
  }

  @Test("a small file that inflates without end stops at the text limit per byte")
  func bomb() async throws {
    let reading = try await read("bomb.pdf")
    #expect(reading.failure?.code == "TEXT_LIMIT")
    #expect(reading.failure?.message.contains("100 times the size of the file") == true)
  }

  @Test("a parser process that is killed in mid-document fails that document alone")
  func killed() async throws {
    let pool = ParserPool(size: 1, program: parserProgram)
    #expect(try await read("plain.pdf", pool: pool).pages.count == 3)
    var failure: Failure?
    let bytes = makePDF([line("Good")] + Array(repeating: Self.endless, count: 2))
    do {
      try await DocumentReader(pool: pool).read(InputDocument(name: "killed.pdf", content: .bytes(bytes))) { event in
        if case .part = event { for pid in await pool.processesAtWork { kill(pid, SIGKILL) } }
      }
    } catch {
      failure = Failure(error)
    }
    #expect(failure?.code == "PARSER_CRASHED")
    #expect(failure?.kind == .poison)
    #expect(failure?.message.contains("killed.pdf (page") == true)
    #expect(try await read("plain.pdf", pool: pool).pages.count == 3)
  }

  @Test("a cancel ends the parser process and the wait")
  func cancelled() async throws {
    let pool = ParserPool(size: 1, program: parserProgram)
    let bytes = makePDF([line("Good"), Self.endless])
    let outcome = await withTaskGroup(of: String.self) { group in
      group.addTask {
        do {
          try await DocumentReader(pool: pool).read(InputDocument(name: "c.pdf", content: .bytes(bytes))) { event in
            if case .part = event { withUnsafeCurrentTask { $0?.cancel() } }
          }
          return "read"
        } catch {
          return Failure(error).code
        }
      }
      return await group.next() ?? ""
    }
    #expect(outcome == "CANCELLED")
    #expect(try await read("plain.pdf", pool: pool).pages.count == 3)
  }

  @Test("when there are more documents than parser processes, documents wait their turn")
  func queueing() async throws {
    let pool = ParserPool(size: 2, program: parserProgram)
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<12 { group.addTask { try await read("plain.pdf", pool: pool).pages.count } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts == Array(repeating: 3, count: 12))
  }

  @Test("a parser process is replaced after its share of documents")
  func recycled() async throws {
    let pool = ParserPool(size: 1, program: parserProgram, recycling: ParserRecycling(documents: 2))
    for _ in 0..<5 { #expect(try await read("plain.pdf", pool: pool).pages.count == 3) }
  }

  @Test("a parser process ends when its socket closes, so none outlives ingestd")
  func orphan() async throws {
    var pair: (Channel, Channel)? = try Channel.pair()
    let child = try await Spawner.shared.spawn(
      SpawnRequest(program: parserProgram, descriptors: [try #require(pair?.1.socket), nil, nil]))
    pair = nil
    #expect(await child.exit() == .exited(0))
  }

  @Test("a parser of another version is refused, and both versions are named")
  func version() async throws {
    // Sends a greeting of version 9 and waits.
    let script = "printf '\\012\\000\\000\\000\\001INGP\\001\\0039.9' >&0; cat"
    let path = "/tmp/ingestd-parse-\(UInt64.random(in: 0 ... .max))"
    try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
    defer { unlink(path) }
    chmod(path, 0o755)
    let failure = try await read("plain.pdf", pool: ParserPool(size: 1, program: path)).failure
    #expect(failure?.code == "PARSER_VERSION")
    #expect(failure?.message.contains("it is version 9.9 and this is 0.1.0") == true)
  }

  @Test("an error for a missing parser says where it was expected")
  func missing() throws {
    #expect(
      throws: DocumentError.parserMissing(looked: ["/nowhere/ingestd-parse", "/nowhere/../libexec/ingestd-parse"])
    ) {
      _ = try ParserProgram.locate(beside: "/nowhere")
    }
  }

  @Test("a program without a greeting is refused as a parser")
  func stranger() async throws {
    let failure = try await read("plain.pdf", pool: ParserPool(size: 1, program: "/bin/true")).failure
    #expect(failure?.code == "PARSER_FAILED")
  }
}
