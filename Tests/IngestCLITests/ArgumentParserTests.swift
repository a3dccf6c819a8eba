import IngestCLI
import IngestCore
import Testing

@Suite("Parsing the command line")
struct ArgumentParserTests {
  private func parse(_ line: String...) throws -> ParsedArguments {
    let request = try ArgumentParser(tree: .sample).parse(["do", "things"] + line)
    guard case .command(_, let parsed) = request else { throw UsageError.missingCommand(path: [], words: []) }
    return parsed
  }

  private func mistake(_ line: String...) throws -> UsageError {
    try #require(throws: UsageError.self) { _ = try ArgumentParser(tree: .sample).parse(line) }
  }

  @Test("parameters that are not given have their defaults")
  func defaults() throws {
    let parsed = try parse()
    #expect(parsed[SampleCommand.count] == 5)
    #expect(parsed[SampleCommand.wait] == nil)
    #expect(parsed[SampleCommand.colour] == .red)
    #expect(parsed[SampleCommand.meta].isEmpty)
    #expect(parsed[SampleCommand.words].isEmpty)
    #expect(!parsed[SampleCommand.force])
    #expect(!parsed.has(SampleCommand.count))
  }

  @Test(
    "an option's value is accepted in every spelling",
    arguments: [["--count", "7"], ["--count=7"], ["-k", "7"], ["-k7"], ["-k=7"]])
  func spellings(_ words: [String]) throws {
    let request = try ArgumentParser(tree: .sample).parse(["do", "things"] + words)
    guard case .command(_, let parsed) = request else { return #expect(Bool(false)) }
    #expect(parsed[SampleCommand.count] == 7)
    #expect(parsed.has(SampleCommand.count))
  }

  @Test("values are parsed into their types")
  func types() throws {
    let parsed = try parse(
      "--wait", "1h30m", "--since", "2h", "--size", "10MiB", "--colour=green", "--meta", "a=1", "--meta", "b=x=y", "-f",
      "w")
    #expect(parsed[SampleCommand.wait] == .seconds(5400))
    #expect(parsed[SampleCommand.since] == .ago(.seconds(7200)))
    #expect(parsed[SampleCommand.size] == 10_485_760)
    #expect(parsed[SampleCommand.colour] == .green)
    #expect(parsed[SampleCommand.meta] == [KeyValue(key: "a", value: "1"), KeyValue(key: "b", value: "x=y")])
    #expect(parsed[SampleCommand.force])
    #expect(parsed[SampleCommand.words] == ["w"])
    let time = try parse("--at", "2026-11-20T09:30:00Z")[SampleCommand.at]
    #expect(time?.description == "2026-11-20T09:30:00.000Z")
  }

  @Test("a time given as an age counts back from now")
  func moments() {
    let now = Timestamp(rawValue: 10_000_000)
    #expect(Moment.ago(.seconds(4)).timestamp(now: now) == Timestamp(rawValue: 6_000_000))
    #expect(Moment.at(now).timestamp(now: Timestamp(rawValue: 0)) == now)
  }

  @Test("everything after -- is an argument, and so are - and negative numbers")
  func endOfOptions() throws {
    #expect(try parse("-", "-5", "--", "--count", "-f")[SampleCommand.words] == ["-", "-5", "--count", "-f"])
  }

  @Test("options of every command may come before the command")
  func globals() throws {
    let request = try ArgumentParser(tree: .sample).parse(["--data", "x", "do", "--json", "things", "--count=2"])
    guard case .command(_, let parsed) = request else { return #expect(Bool(false)) }
    #expect(parsed[GlobalOptions.data] == "x")
    #expect(parsed[GlobalOptions.json])
    #expect(parsed[SampleCommand.count] == 2)
  }

  @Test("-h and --version work anywhere on the command line")
  func help() throws {
    let parser = ArgumentParser(tree: .sample)
    for (words, path) in [
      ([], []), (["-h"], []), (["help"], []), (["do", "-h"], ["do"]), (["do", "things", "x", "-h"], ["do", "things"]),
      (["help", "do", "things"], ["do", "things"]), (["-h", "do"], ["do"]),
    ] as [([String], [String])] {
      guard case .help(let found) = try parser.parse(words) else {
        Issue.record("\(words) is no help")
        continue
      }
      #expect(found == path)
    }
    guard case .version = try parser.parse(["--version"]) else { return #expect(Bool(false)) }
  }

  @Test("each kind of mistake is reported as its own error")
  func mistakes() throws {
    #expect(try mistake("dop") == .unknownCommand(path: [], word: "dop", nearest: "do"))
    #expect(try mistake("do", "thigns") == .unknownCommand(path: ["do"], word: "thigns", nearest: "things"))
    #expect(try mistake("xyzzy") == .unknownCommand(path: [], word: "xyzzy", nearest: nil))
    #expect(try mistake("do") == .missingCommand(path: ["do"], words: ["things"]))
    #expect(
      try mistake("do", "things", "--cuont", "3")
        == .unknownOption(command: "do things", option: "--cuont", nearest: "--count"))
    #expect(
      try mistake("do", "things", "--count") == .missingValue(command: "do things", option: "--count", placeholder: "N")
    )
    #expect(
      try mistake("do", "things", "--wait", "-f")
        == .missingValue(command: "do things", option: "--wait", placeholder: "TIME"))
    #expect(try mistake("do", "things", "--force=yes") == .unexpectedValue(command: "do things", option: "--force"))
    #expect(try mistake("do", "things", "-k1", "-k2") == .givenTwice(command: "do things", option: "-k"))
    #expect(try mistake("copy") == .missingArgument(command: "copy", placeholder: "FROM"))
    #expect(try mistake("copy", "a", "b", "c") == .extraArgument(command: "copy", text: "c"))
    #expect(
      try mistake("do", "things", "--wait=1s", "--at=2026-11-20T09:30:00Z")
        == .exclusive(command: "do things", options: ["--wait", "--at"]))
  }

  @Test(
    "an error for a value of the wrong type names the expected type",
    arguments: [
      ("--count=0", "a whole number from 1 to 10"), ("--count=x", "a whole number from 1 to 10"),
      ("--wait=5", "a duration such as 30s, 5m, 2h or 1h30m"), ("--at=tomorrow", "a time such as 2026-11-20T09:30:00Z"),
      ("--size=-1", "a size such as 500, 64K or 10MiB"), ("--meta=x", "KEY=VALUE"), ("--meta==x", "KEY=VALUE"),
      ("--colour=gren", "one of red, green (did you mean `green`?)"),
    ])
  func wrongValues(_ word: String, _ expected: String) throws {
    guard case .wrongValue(_, let parameter, _, let accepted) = try mistake("do", "things", word) else {
      return #expect(Bool(false))
    }
    #expect(accepted == expected)
    #expect(word.hasPrefix(parameter))
  }

  @Test("every mistake exits 2 and names the help to read")
  func failures() throws {
    let mistakes = [
      try mistake("dop"), try mistake("do"), try mistake("do", "things", "--x"), try mistake("do", "things", "--count"),
      try mistake("copy"), try mistake("copy", "a", "b", "c"), try mistake("do", "things", "--count=x"),
    ]
    for mistake in mistakes {
      #expect(mistake.failure.category.exitStatus == 2)
      #expect(mistake.failure.hint.contains(" -h`"), "\(mistake.failure)")
      #expect(mistake.failure.kind == .permanent)
    }
  }
}
