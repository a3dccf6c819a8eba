import FoundationEssentials
import IngestCLI
import IngestCore
import Testing

extension DocumentationTests {
  @Test("docs/errors.md explains every error code that the programs throw, and no other")
  func errors() throws {
    let reference = ErrorReference()
    #expect(reference.thrown.codes.count > 200)
    #expect(reference.mistakes == [])
    try expectTable(reference.codes, in: "errors.md", marker: "codes")
    try expectTable(ErrorReference.kinds, in: "errors.md", marker: "kinds")
  }

  @Test("every command that docs/errors.md advises exists, with its options")
  func advice() throws {
    let tree = CommandTree.standard
    let spans = ErrorTopic.all.flatMap(\.entries).flatMap { entry in
      (entry.cause + entry.cure).components(separatedBy: "`").map { $0.split(separator: " ").map { String($0) } }
    }
    let options = Set((tree.specs.flatMap(\.parameters) + GlobalOptions.all).flatMap(\.names))
    for span in spans {
      guard let option = span.first, option.hasPrefix("--"), option != "--option=VALUE" else { continue }
      #expect(options.contains(option), "\(option)")
    }
    let commands = spans.filter { $0.first == "ingestd" && $0.count > 1 }
    #expect(commands.count > 60)
    for command in commands {
      let words = Array(command.dropFirst())
      let spec = tree.specs.first { words.starts(with: $0.path) }
      let isGroup = words == ["-h"] || words.count == 2 && words[1] == "-h" && tree.node([words[0]]) != nil
      #expect(spec != nil || isGroup, "\(command)")
      let options = ((spec?.parameters ?? []) + GlobalOptions.all).flatMap(\.names)
      for word in words where word.hasPrefix("-") && word != "-" { #expect(options.contains(word), "\(command)") }
    }
  }

  @Test("docs/errors.md lists the exit statuses of the command line")
  func exitStatuses() throws {
    try expectTable(ExitStatusReference.markdown, in: "errors.md", marker: "exits")
  }

  @Test("docs/journal.md lists every kind of journal line that the store writes, and no other")
  func journal() throws {
    let reference = JournalReference()
    #expect(reference.written.count > 40)
    #expect(reference.mistakes == [])
    try expectTable(reference.lines, in: "journal.md", marker: "kinds")
    try expectTable(reference.others, in: "journal.md", marker: "events")
  }

  @Test("an error code without an entry, an entry that nothing throws and a second entry are reported")
  func wrongErrors() {
    var reference = ErrorReference()
    reference.topics.removeFirst()
    #expect(reference.mistakes.contains { $0.hasPrefix("UNKNOWN_COMMAND of Sources/IngestCLI/") })
    reference = ErrorReference()
    reference.topics.append(
      ErrorTopic("More", [ErrorEntry("CHUNK_GAP", "a", "b"), ErrorEntry("NEVER_THROWN", "a", "b")]))
    #expect(reference.mistakes == ["CHUNK_GAP has two entries", "nothing throws NEVER_THROWN"])
  }

  @Test("a journal kind without an entry and an entry that nothing writes are reported")
  func wrongKinds() {
    var reference = JournalReference()
    reference.written.insert("invented")
    reference.written.remove("breaker")
    #expect(
      reference.mistakes == [
        "the kind invented has no entry in a JournalReference", "nothing writes a line of the kind breaker",
      ])
  }

  @Test("codes are found in failures, in tuples and in the calls of a factory, with kind and exit status")
  func scan() {
    let source = #"""
      // Failure(.permanent, code: "IN_A_COMMENT", "")
      switch self {
      case .a: Failure(.permanent, code: "A_PLAIN", "It is \(name(of: x == "NOT_A_CODE")).", category: .notFound)
      case .b: self.init(isOpen ? .transient : .throttled, code: isOpen ? "B_ONE" : "B_TWO", "")
      case .c: helper("C_HELPED", "one, two", .invalid)
      case .d: helper("SINGLE", "words are no codes")
      }
      let (kind, code) = (.unavailable, "D_TUPLE")
      let variable = environment["INGESTD_DATA"]
      init(code: String) {}
      Failure(kind, code: code, "", category: category)
      """#
    let found = ThrownCodes(["a.swift": SourceCalls(source)])
    #expect(found.mentions.isEmpty)
    let lines = found.codes.sorted { $0.key < $1.key }.map { code, thrown in
      let kinds = thrown.kinds.map(\.rawValue).sorted().joined(separator: "|")
      return "\(code) \(kinds) \(thrown.categories.map { "\($0.exitStatus)" }.sorted().joined(separator: "|"))"
    }
    #expect(
      lines == [
        "A_PLAIN permanent 3", "B_ONE throttled|transient 1", "B_TWO throttled|transient 1", "C_HELPED  2",
        "D_TUPLE unavailable 1",
      ])
  }

  @Test("where a file has several factories, the label of the argument says which one gets the code")
  func factories() {
    let source = """
      Choice(missing: "E_MISSING", twice: "E_TWICE")
      Failure(.permanent, code: missing, "", category: .notFound)
      Failure(.permanent, code: twice, "", category: .refused)
      note("E_UNCLEAR")
      """
    let found = ThrownCodes(["a.swift": SourceCalls(source)])
    #expect(found.codes["E_MISSING"]?.categories == [.notFound])
    #expect(found.codes["E_TWICE"]?.categories == [.refused])
    #expect(found.mentions.map(\.code) == ["E_UNCLEAR"])
  }

  @Test("a code that no failure throws is reported")
  func mentions() {
    let found = ThrownCodes(["a.swift": SourceCalls("note(\"SOME_CODE\")")])
    var reference = ErrorReference()
    reference.topics = []
    reference.thrown = found
    #expect(
      reference.mistakes == ["SOME_CODE of a.swift is thrown in a way that ThrownCodes does not understand"])
  }
}
