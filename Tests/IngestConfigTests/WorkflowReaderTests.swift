import IngestApp
import IngestConfig
import IngestCore
import Testing

@Suite("Reading workflow files")
struct WorkflowReaderTests {
  private func read(_ text: String, _ catalogue: StepCatalogue = .standard) -> (WorkflowDefinition?, [String]) {
    var diagnostics: [Diagnostic] = []
    let result = WorkflowReader.read(Array(text.utf8), file: "w.yaml", catalogue: catalogue, diagnostics: &diagnostics)
    return (result.definition, diagnostics.map(\.description))
  }

  @Test("every key is accepted, and a key that is left out has its default")
  func full() throws {
    let (definition, diagnostics) = read(
      """
      name: mine
      description: Tries things.
      deadline: 1h30m
      steps:
        - id: one
          uses: noop
          timeout: 500ms
          retry: {attempts: 3, first: 10ms, factor: 1.5, max: 1s, jitter: none}
        - id: two
          uses: swap
          with: {accept-missing: 7}
      """)
    #expect(diagnostics == [])
    let policy = RetryPolicy(
      attempts: 3, first: .milliseconds(10), factor: 1.5, maximum: .seconds(1), jitter: RetryPolicy.Jitter.none)
    #expect(
      definition
        == WorkflowDefinition(
          name: "mine", description: "Tries things.", deadline: .seconds(5400),
          steps: [
            .init(id: "one", uses: "noop", retry: policy, timeout: .milliseconds(500)),
            .init(id: "two", uses: "swap", with: ["accept-missing": .integer(7)]),
          ]))
  }

  @Test("all mistakes are reported, each with its place and what was expected")
  func allMistakes() {
    let (definition, diagnostics) = read(
      """
      name: My Flow
      descripton: x
      deadline: 10
      steps:
        - id: a
          uses: pars
          timeout: 8d
        - id: a
          uses: noop
          with: {speed: 1}
          retry: {attempts: 0, jitter: ful, first: 10m}
        - uses: noop
        - noop
      """)
    #expect(definition == nil)
    #expect(
      diagnostics == [
        "w.yaml:1:7: name: expected a name of 1 to 64 characters out of a-z, 0-9 and -, found the text \"My Flow\"",
        "w.yaml:2:1: a workflow has no key \"descripton\" (did you mean description?)",
        "w.yaml:3:11: deadline: expected a duration such as 500ms, 10s or 1h30m, from 1s to 365d, found the number 10"
          + " (a unit is missing: write 10s for seconds)",
        "w.yaml:6:11: no kind of step is called \"pars\" (did you mean parse?)",
        "w.yaml:7:14: timeout: expected a duration such as 500ms, 10s or 1h30m, from 1ms to 7d, found 8d",
        "w.yaml:8:9: two steps have the id \"a\" (the other is on line 5)",
        "w.yaml:10:12: with: of noop has no key \"speed\" (it has no keys)",
        "w.yaml:11:23: attempts: expected a whole number from 1 to 100, found the number 0",
        "w.yaml:11:34: jitter: expected full or none, found the text \"ful\" (did you mean full?)",
        "w.yaml:11:46: the first wait, 10m, is longer than the longest wait, 5m (lower first or raise max)",
        "w.yaml:12:5: a step needs the key id (a name of 1 to 64 characters out of a-z, 0-9 and -)",
        "w.yaml:13:5: a step must be a mapping, found the text \"noop\" (use one of id, uses, with, when, throttle, concurrency, retry, timeout)",
      ])
  }

  @Test(
    "a workflow that cannot run is refused",
    arguments: [
      ("", "w.yaml:1:1: the file is empty (a workflow has name and steps)"),
      (
        "- a",
        "w.yaml:1:1: a workflow must be a mapping, found a list (use one of name, description, deadline, singleton, debounce, steps, on-failure)"
      ),
      ("name: a\n", "w.yaml:1:1: a workflow needs the key steps"),
      ("name: a\nsteps: []\n", "w.yaml:2:8: 0 steps (a workflow has 1 to 100)"),
      ("name: a\nsteps: {id: b}\n", "w.yaml:2:8: steps must be a list, found a mapping (begin each step with `- id:`)"),
      ("name: a\nsteps:\n", "w.yaml:2:7: steps must be a list, found nothing (begin each step with `- id:`)"),
      (
        "name: a\nsteps:\n  - {id: u, uses: upsert}\n",
        "w.yaml:3:19: upsert needs the result of a step that uses embed, but no such step is before it"
      ),
      (
        "name: a\nsteps: [{id: e, uses: chunk}, {id: p, uses: parse}]\n",
        "w.yaml:2:23: chunk needs the result of a step that uses parse, but no such step is before it"
      ),
      ("name: 1\nsteps: [{id: e, uses: noop}]\n", "w.yaml:1:7: name: expected a name"),
      ("name: a\nname: b\nsteps: [{id: e, uses: noop}]\n", "w.yaml:2:1: the key \"name\" is given twice"),
      (
        "name: a\nsteps: [{id: e, uses: frobnicate}]\n",
        "w.yaml:2:23: no kind of step is called \"frobnicate\" (use one of"
      ),
    ])
  func refused(_ text: String, _ message: String) {
    let (definition, diagnostics) = read(text)
    #expect(definition == nil)
    #expect(diagnostics.count == 1)
    #expect(diagnostics.first?.hasPrefix(message) == true, "\(diagnostics)")
  }

  @Test("a hundred steps are accepted, a hundred and one are refused")
  func stepLimit() {
    func steps(_ count: Int) -> String {
      "name: a\nsteps:\n" + (0..<count).map { "  - {id: s\($0), uses: noop}\n" }.joined()
    }
    #expect(read(steps(100)).1 == [])
    #expect(read(steps(101)).1 == ["w.yaml:3:3: 101 steps (a workflow has 1 to 100)"])
  }

  @Test("a new kind of step and its settings only need a declaration")
  func catalogue() {
    let catalogue = StepCatalogue([
      StepKind(
        "shout", "Shouts.",
        settings: [
          StepSetting("volume", .number(0...11), isRequired: true, "How loud."),
          StepSetting("for", .duration(.zero ... .seconds(9)), "How long."),
        ])
    ])
    let good = read("name: a\nsteps: [{id: s, uses: shout, with: {volume: 11, for: 5s}}]", catalogue)
    #expect(good.1 == [])
    #expect(good.0?.steps.first?.with == ["volume": .number(11), "for": .text("5s")])
    #expect(
      read("name: a\nsteps: [{id: s, uses: shout}, {id: t, uses: shout, with: {volume: loud}}]", catalogue).1 == [
        "w.yaml:2:9: shout needs volume under with: (a number from 0 to 11)",
        "w.yaml:2:67: volume: expected a number from 0 to 11, found the text \"loud\"",
      ])
  }
}
