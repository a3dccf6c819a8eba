import IngestConfig
import IngestCore
import IngestDocuments
import IngestProcess
import IngestOperations

extension Doctor {
  /// Longer than a healthy machine needs, so that a parser that hangs becomes a finding.
  private static let patience: Duration = .seconds(60)

  /// Checks that the parser exists, has this version, runs in its sandbox and can read.
  func programs(_ configuration: Configuration) async throws {
    let program: String
    do {
      program = try ParserProgram.locate()
    } catch {
      return try report(.fail("parser", error))
    }
    do {
      let text = try await sample(configuration)
      if text.contains(SamplePDF.words) {
        try report(.ok("parser", "\(program) answers and reads a sample PDF"))
      } else {
        try report(
          .fail(
            "parser", "a sample PDF came out as “\(text.shortened(to: 60))”",
            hint: "poppler or its fonts are damaged: reinstall libpoppler-glib8"))
      }
    } catch {
      try report(.fail("parser", error))
    }
    try report(await sandbox(program))
  }

  private func sample(_ configuration: Configuration) async throws -> String {
    let reader = DocumentReader(configuration.parser)
    return try await withThrowingTaskGroup(of: String.self) { group in
      group.addTask {
        var text = ""
        let document = InputDocument(name: "the sample", content: .bytes(SamplePDF.bytes))
        try await reader.read(document) { event in
          if case .part(let part) = event { text += part.pages.map(\.text).joined(separator: "\n") }
        }
        return text
      }
      group.addTask { [clock = request.clock] in
        try await clock.sleep(for: Self.patience)
        throw DocumentError.parserFailed(detail: "it did not answer within \(DurationText.text(Self.patience))")
      }
      defer { group.cancelAll() }
      return try await group.next() ?? ""
    }
  }

  /// Lets the parser try, from inside its sandbox, what the sandbox must prevent.
  private func sandbox(_ program: String) async -> DoctorFinding {
    let hint: Hint = "`\(program) --self-test-sandbox` prints what it may do; the kernel must allow seccomp filters"
    do {
      let child = try await Spawner.shared.spawn(
        SpawnRequest(program: program, arguments: ["--self-test-sandbox"], environment: ["LC_ALL=C.UTF-8"]))
      let status = await withTaskGroup(of: Void.self) { [clock = request.clock] group in
        group.addTask {
          // A killed child ends too, so the wait below returns in any case.
          if (try? await clock.sleep(for: Self.patience)) != nil { child.kill() }
        }
        defer { group.cancelAll() }
        return await child.exit()
      }
      if status == .exited(0) { return .ok("sandbox", "the parser can open no file, socket or process") }
      return .fail("sandbox", "the parser's own test of its sandbox failed", hint: hint)
    } catch {
      return .fail("sandbox", "the parser cannot be started: \(error)", hint: hint)
    }
  }
}
