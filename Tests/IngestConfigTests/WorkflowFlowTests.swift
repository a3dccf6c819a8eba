import FoundationEssentials
import IngestApp
import IngestConfig
import IngestCore
import Testing

@Suite("Workflows with branches, waits and children")
struct WorkflowFlowTests {
  private func read(_ text: String) -> (WorkflowDefinition?, [String]) {
    var diagnostics: [Diagnostic] = []
    let result = WorkflowReader.read(Array(text.utf8), file: "w.yaml", catalogue: .standard, diagnostics: &diagnostics)
    return (result.definition, diagnostics.map(\.description))
  }

  private static let all = """
    name: mine
    singleton: {per: meta.case, mode: cancel}
    debounce: {period: 30s, longest: 10m}
    steps:
      - id: list
        uses: exec
        with:
          command: [python3, -u, "list.py"]
          env: {LANG: C}
          pass-env: [API_KEY]
          stdin: content
          memory: 512MiB
          exit: {permanent: [3, 4], throttled: [9]}
        throttle: 60/m burst 5
        concurrency: 4
      - id: each
        uses: foreach
        when: steps.list.count > 0 and meta.team in ['law', 'tax']
        with: {items: steps.list.items, workflow: noop-each, min-success: 95%}
      - id: tell
        uses: http
        with: {url: "https://example.com/hook", secret-env: HOOK_KEY, headers: {X-From: ingestd}}
      - id: rest
        uses: sleep
        with: {until: "2026-12-24T18:00:00+01:00"}
    on-failure: {id: alarm, uses: http, when: failure.kind == 'permanent', with: {url: "http://127.0.0.1:1/"}}
    """

  @Test("every key of the language is accepted")
  func full() throws {
    let (definition, diagnostics) = read(Self.all)
    #expect(diagnostics == [])
    let workflow = try #require(definition)
    #expect(workflow.singleton == Singleton(key: .meta("case"), mode: .cancel))
    #expect(workflow.debounce == Debounce(period: .seconds(30), longest: .seconds(600)))
    #expect(workflow.steps[0].throttle == (try RateSpec("60/m burst 5")))
    #expect(workflow.steps[0].concurrency == 4)
    #expect(
      workflow.steps[0].with == [
        "command": .list([.text("python3"), .text("-u"), .text("list.py")]), "env": .map(["LANG": .text("C")]),
        "pass-env": .list([.text("API_KEY")]), "stdin": .text("content"), "memory": .integer(512 << 20),
        "exit": .map(["permanent": .list([.integer(3), .integer(4)]), "throttled": .list([.integer(9)])]),
      ])
    #expect(workflow.steps[1].when == "steps.list.count > 0 and meta.team in ['law', 'tax']")
    #expect(workflow.steps[3].with == ["until": .text("2026-12-24T17:00:00.000Z")])
    #expect(workflow.onFailure?.id == "alarm")
    let again = try JSONDecoder().decode(WorkflowDefinition.self, from: JSONEncoder().encode(workflow))
    #expect(again.version == workflow.version)
  }

  @Test(
    "each mistake is reported at its place",
    arguments: [
      ("when: steps.b.n > 1", "steps.b.n at character 1: the step b is not before this one"),
      ("when: steps.aa.n > 1", "no step has the id \"aa\" (did you mean a?)"),
      ("when: steps.zebra.n > 1", "no step has the id \"zebra\" (no step is before this one)"),
      ("when: failure.code == 'X'", "is known only in on-failure"), ("when: meta.team = 'x'", "a single `=`"),
      ("when: [true]", "when must be a condition, found a list"), ("when:", "when must be a condition, found nothing"),
      ("when: 12", "12 is not a condition, at character 1 of the condition"),
      ("throttle: 0/m", "nothing could ever start"), ("throttle: 5/0s", "longer than 0s"),
      ("throttle: lots", "a limit such as 60/m"),
      ("concurrency: 0", "a whole number from 1 to 1000000, found the number 0"),
    ])
  func stepMistakes(_ key: String, _ message: String) {
    let (definition, diagnostics) = read(
      "name: w\nsteps:\n  - id: a\n    uses: noop\n    \(key)\n  - {id: b, uses: noop}\n")
    #expect(definition == nil)
    #expect(diagnostics.count == 1 && diagnostics.first?.contains(message) == true, "\(diagnostics)")
    #expect(diagnostics.first?.hasPrefix("w.yaml:5:") == true, "\(diagnostics)")
  }

  @Test(
    "impossible settings are refused",
    arguments: [
      ("exec", "", "exec needs command under with:"), ("exec", "command: []", "1 to 100, each text"),
      ("exec", "command: ls", "found the text \"ls\""), ("exec", "command: [a, 5]", "entry 2: expected text"),
      ("exec", "command: [a], env: {1X: a}", "found the key \"1X\""),
      ("exec", "command: [a], cwd: here", "a path that begins with /"),
      ("exec", "command: [a], exit: {fatal: [1]}", "found the key \"fatal\""),
      ("exec", "command: [a], exit: {permanent: [0]}", "permanent: entry 1: expected a whole number from 1 to 255"),
      ("http", "url: \"ftp://x\"", "an address such as"), ("http", "url: \"http://u:p@x/\"", "a user or password"),
      ("http", "url: \"http://x/\", headers: {\"a b\": c}", "names of HTTP headers"),
      ("http", "url: \"http://x/\", secret-env: A, secret-file: /b", "not both"),
      ("sleep", "", "sleep needs for or until"), ("sleep", "{}", "sleep needs for or until"),
      ("sleep", "for: 1s, until: \"2026-01-01T00:00:00Z\"", "not both"), ("sleep", "until: tomorrow", "a time such as"),
      ("sleep", "for: 0s", "from 1ms"), ("wait-for-signal", "timeout: 1s", "needs the key name"),
      ("foreach", "items: steps.b.x, workflow: w", "is not before this one"),
      ("foreach", "items: \"a b\", workflow: w", "no value is called"),
      ("foreach", "items: task.x, workflow: w, limit: 1000000", "from 1 to 100000, found the number 1000000"),
      ("foreach", "items: task.x, workflow: w, parallel: 0", "from 1 to 1000"),
      ("foreach", "items: task.x, workflow: w, min-success: 101%", "a share such as 95%"),
      ("foreach", "items: task.x, workflow: w, min-success: half", "a share such as 95%"),
    ])
  func settings(_ kind: String, _ with: String, _ message: String) {
    let block = with.isEmpty ? "" : ", with: \(with == "{}" ? "{}" : "{\(with)}")"
    let (definition, diagnostics) = read(
      "name: w\nsteps:\n  - {id: a, uses: \(kind)\(block)}\n  - {id: b, uses: noop}\n")
    #expect(definition == nil)
    #expect(diagnostics.count == 1 && diagnostics.first?.contains(message) == true, "\(diagnostics)")
  }

  @Test(
    "rules for the whole workflow are checked too",
    arguments: [
      ("on-failure: {id: a, uses: noop}", "two steps have the id \"a\""),
      ("on-failure: {id: f, uses: sleep, with: {for: 1s}}", "sleep waits, which on-failure cannot do"),
      ("on-failure: {id: f, uses: upsert}", "on-failure may run before any step ended"),
      ("on-failure: [noop]", "on-failure must be a mapping"),
      ("on-failure: {id: f, uses: noop, throttle: 1/m}", "no key \"throttle\""),
      ("singleton: {per: provider, mode: skip}", "no job has a provider"),
      ("singleton: {per: moon, mode: skip}", "its key must be one of"),
      ("singleton: {per: source, mode: wait}", "skip or cancel"), ("singleton: {per: source}", "needs the key mode"),
      ("debounce: {period: 0s, longest: 1s}", "period: expected"),
      ("debounce: {period: 2s, longest: 1s}", "shorter than the period"),
      ("debounce: {period: 2s}", "needs the key longest"),
    ])
  func workflowMistakes(_ key: String, _ message: String) {
    let (definition, diagnostics) = read("name: w\nsteps: [{id: a, uses: noop}]\n\(key)\n")
    #expect(definition == nil)
    #expect(diagnostics.count == 1 && diagnostics.first?.contains(message) == true, "\(diagnostics)")
  }

  @Test("workflows that run each other forever are refused, and so is one whose child is missing or broken")
  func children() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/children-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func write(_ name: String, _ children: String...) throws {
      let steps = children.enumerated().map { position, child in
        "  - {id: s\(position), uses: foreach, with: {items: task.x, workflow: \(child)}}\n"
      }
      try ("name: \(name)\nsteps:\n" + steps.joined() + "  - {id: last, uses: noop}\n")
        .write(toFile: "\(folder)/\(name).yaml", atomically: false, encoding: .utf8)
    }
    try write("good", "leaf", "delete")
    try write("leaf")
    try write("itself", "itself")
    try write("one", "leaf", "two")
    try write("two", "three")
    try write("three", "one")
    try write("lost", "leav")
    try write("after", "lost")
    let library = WorkflowLibrary.load(folder: folder)
    #expect(library.entries.map(\.definition.name) == ["delete", "good", "ingest", "leaf", "reindex", "scan"])
    func diagnostics(_ name: String) -> String {
      library.broken.first { $0.name == name }?.diagnostics.map(\.description).joined() ?? ""
    }
    #expect(diagnostics("itself").contains("itself.yaml:3:"))
    #expect(diagnostics("itself").contains("forever: itself → itself"))
    #expect(diagnostics("one").contains("forever: one → two → three → one"))
    #expect(diagnostics("three").contains("forever: three → one → two → three"))
    #expect(diagnostics("lost").contains("there is no workflow called leav (did you mean leaf?)"))
    #expect(diagnostics("after").contains("the workflow lost has mistakes of its own"))

    try write("fresh", "nobody")
    let path = "\(folder)/fresh.yaml"
    #expect(throws: WorkflowError.self) { try WorkflowLibrary.check(file: path, among: library) }
    let alone = try WorkflowLibrary.check(file: path)
    #expect(alone.definition.name == "fresh")
    try write("leaf", "good")
    #expect {
      try WorkflowLibrary.check(file: "\(folder)/leaf.yaml", among: library)
    } throws: { error in
      Failure(error).causes.first?.message.contains("leaf → good → leaf") == true
    }
  }

  @Test("the graphs show branches, limits, children and the on-failure step")
  func graphs() throws {
    let workflow = try #require(read(Self.all).0)
    let text = WorkflowGraph.text(workflow)
    for line in [
      "  one open job per meta.case: the older job is cancelled",
      "  ◆ when steps.list.count > 0 and meta.team in ['law', 'tax'], else skipped", "  ● each",
      "  │ throttle 60/m burst 5, over all jobs", "  │ concurrency 4, over all jobs", "  ✖ on failure: alarm",
    ] { #expect(text.contains(line + "\n"), "\(text)") }
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= WorkflowGraph.width })
    let dot = WorkflowGraph.dot(workflow)
    for line in [
      #""each?" [label="steps.list.count > 0 and meta.team in ['law', 'tax']", shape=diamond];"#,
      #""list" -> "each?";"#, #""each?" -> "each" [label="yes"];"#, #""each?" -> "tell" [label="no"];"#,
      #""each" -> "tell";"#, #""each" -> "each/" [label="each item", style=dashed];"#,
      #""rest" -> "alarm" [style=dashed];"#,
    ] { #expect(dot.contains(line), "\(dot)") }
    let mermaid = WorkflowGraph.mermaid(workflow)
    for line in [
      "s1{\"steps.list.count", "s1 -->|yes| s2", "s1 -->|no| s4", "s2 -.->|each item| s3",
      "s3[[\"workflow noop-each\"]]",
    ] {
      #expect(mermaid.contains(line), "\(mermaid)")
    }
  }

  @Test("in a graph, the last step's condition leads to an end of its own")
  func lastBranch() throws {
    let workflow = try #require(
      read("name: w\nsteps: [{id: a, uses: noop, when: source == 'x'}]").0)
    let dot = WorkflowGraph.dot(workflow)
    #expect(dot.contains(#""a?" -> "/end" [label="no"];"#))
    #expect(dot.contains(#""a" -> "/end";"#))
  }
}
