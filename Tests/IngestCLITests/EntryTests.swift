import IngestCLI
import IngestCore
import IngestTestKit
import Testing

@Suite("Running a command line")
struct EntryTests {
  private func run(
    _ line: String..., environment: [String: String] = [:], output: MemorySink = MemorySink()
  ) async -> (status: Int32, output: String, error: String) {
    let error = MemorySink()
    let status = await IngestCLI.run(
      arguments: line, environment: environment, tree: .sample, output: output, error: error)
    return (status, output.text, error.text)
  }

  @Test("a command's results go to standard output, and its status is 0")
  func runs() async {
    let result = await run("do", "things", "a", "b")
    #expect(result == (0, "did a,b\n", ""))
  }

  @Test("--json prints JSON and nothing else")
  func json() async {
    #expect(await run("do", "things", "a", "--json") == (0, "{\"did\":[\"a\"]}\n", ""))
  }

  @Test("a failure is printed on standard error with its hint and status")
  func failure() async {
    #expect(await run("do", "things", "refuse") == (4, "", "error: It was refused. (NO)\nhint: ask again\n"))
  }

  @Test("under --json a failure is an object on standard output, also for wrong usage")
  func jsonFailure() async {
    let refused = await run("do", "things", "refuse", "--json")
    #expect(refused.status == 4)
    #expect(refused.error == "")
    #expect(
      refused.output
        == "{\"error\":{\"category\":\"refused\",\"causes\":[],\"code\":\"NO\",\"hint\":\"ask again\",\"kind\":\"permanent\","
        + "\"message\":\"It was refused.\",\"retryable\":false}}\n")
    let wrong = await run("do", "thigns", "--json")
    #expect(wrong.status == 2)
    #expect(wrong.output.contains("\"code\":\"UNKNOWN_COMMAND\""))
    let after = await run("do", "thigns", "--", "--json")
    #expect(after.output == "" && after.error.hasPrefix("error: "))
  }

  @Test("a command that printed its own results ends with its status and prints nothing more")
  func ownStatus() async {
    #expect(await run("do", "things", "partly") == (1, "", ""))
  }

  @Test("when the reader of the output goes away, the command ends quietly")
  func closedOutput() async {
    #expect(await run("do", "things", "flood", output: MemorySink(failure: .closed)) == (0, "", ""))
  }

  @Test("output that cannot be written is a failure on standard error, also under --json")
  func failedOutput() async {
    let full = OutputError.failed(reason: "disk full")
    for line in [["flood"], ["a", "--json"], ["a"]] {
      let error = MemorySink()
      let status = await IngestCLI.run(
        arguments: ["do", "things"] + line, environment: [:], tree: .sample, output: MemorySink(failure: full),
        error: error)
      #expect(status == 1)
      #expect(error.text.contains("OUTPUT_FAILED") && error.text.contains("disk full"))
    }
  }

  @Test("causes are printed one a line, and control characters are escaped")
  func causes() {
    var failure = Failure(
      .transient, code: "A", "a\u{1b}[2J",
      causes: [Failure(.transient, code: "B", "b", causes: [.init(.transient, code: "C", "c")])])
    failure = failure.during(step: "parse", attempt: 3)
    #expect(
      FailureText.lines(failure, colour: false) == [
        "error: a\\x1b[2J (A)", "  in step parse, attempt 3", "  because: b (B)", "    because: c (C)",
      ])
  }

  @Test("each mistake in a file is printed with its hint, and without repeating the code")
  func mistakes() {
    let failure = Failure(
      .permanent, code: "A", "2 mistakes.", hint: "mend",
      causes: [
        Failure(.permanent, code: "A", "f:1: x", hint: "did you mean y?"), .init(.permanent, code: "A", "f:2: z"),
      ])
    #expect(
      FailureText.lines(failure, colour: false) == [
        "error: 2 mistakes. (A)", "  f:1: x (did you mean y?)", "  f:2: z", "hint: mend",
      ])
  }

  @Test("the exit status depends on the failure's category")
  func statuses() {
    let categories: [Failure.Category] = [.failed, .invalid, .notFound, .refused, .later]
    #expect(categories.map(\.exitStatus) == [1, 2, 3, 4, 75])
  }

  @Test("only a command that may create the data folder creates it, and prints its path")
  func dataFolders() async throws {
    try await TemporaryFolder.with { (folder: TemporaryFolder) async throws in
      let path = folder.file("deep/data")
      let missing = await run("look", environment: ["INGESTD_DATA": path])
      #expect(missing.status == 3)
      #expect(missing.error.contains("DATA_FOLDER_MISSING") && missing.error.contains(path))
      let made = await run("copy", "x", "--data", path)
      #expect(made == (0, path + "\n", "created the data folder \(path)\n"))
      #expect(await run("look", "--data=\(path)/../data/") == (0, path + "\n", ""))
      #expect(await run("copy", "x", environment: ["INGESTD_DATA": path]) == (0, path + "\n", ""))
    }
  }

  @Test("a data folder that is a file is wrong usage, even for a command that may create one")
  func dataFile() async throws {
    try await TemporaryFolder.with { (folder: TemporaryFolder) async throws in
      let file = folder.file("file")
      try folder.write("x", to: "file")
      for path in [file, file + "/below"] {
        for command in [["look"], ["copy", "x"]] {
          let error = MemorySink()
          let status = await IngestCLI.run(
            arguments: command + ["--data", path], environment: [:], tree: .sample, output: MemorySink(), error: error)
          #expect(status == 2)
          #expect(error.text.contains("DATA_NOT_A_FOLDER"))
        }
      }
    }
  }

  @Test("JSON keys become snake case, but keys of metadata stay as they are")
  func keys() throws {
    struct Report: Encodable {
      var sizeBytes = 1
      var meta = ["camelCase": "a/b"]
    }
    #expect(try JSONText.encode(Report()) == "{\"meta\":{\"camelCase\":\"a/b\"},\"size_bytes\":1}")
  }
}
