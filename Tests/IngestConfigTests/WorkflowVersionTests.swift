import FoundationEssentials
import IngestApp
import IngestConfig
import IngestCore
import Testing

@Suite("A workflow's version")
struct WorkflowVersionTests {
  private func definition(_ text: String) throws -> WorkflowDefinition {
    var diagnostics: [Diagnostic] = []
    let result = WorkflowReader.read(Array(text.utf8), file: "w", catalogue: .standard, diagnostics: &diagnostics)
    return try #require(result.definition, "\(diagnostics)")
  }

  private let text = """
    name: mine
    steps:
      - id: a
        uses: noop
        timeout: 90s
      - id: b
        uses: swap
        with: {accept-missing: 3}
        retry: {attempts: 8, factor: 2}
    """

  @Test("order, comments, quotes and explicit defaults do not change it")
  func stable() throws {
    let other = """
      # The same in other words.
      steps:
      - {timeout: 1m30s, uses: "noop", id: a}
      - with:
          accept-missing: 0x3
        uses: swap     # moves the readers
        retry: {jitter: full, max: 5m}
        id: b
      name: 'mine'
      """
    #expect(try definition(text).version == definition(other).version)
  }

  @Test(
    "any change of what the workflow does changes it",
    arguments: [
      ("90s", "91s"), ("id: a", "id: c"), ("noop", "remove"), ("attempts: 8", "attempts: 7"),
      ("factor: 2", "factor: 3"),
      ("missing: 3", "missing: 4"), ("name: mine", "name: ours"), ("name: mine", "name: mine\ndeadline: 1d"),
      ("factor: 2", "factor: 2, first: 2s"), ("factor: 2", "factor: 2, max: 6m"),
      ("factor: 2", "factor: 2, jitter: none"), ("id: b", "id: b\n    when: meta.team == 'law'"),
      ("id: b", "id: b\n    throttle: 60/m"), ("id: b", "id: b\n    concurrency: 2"),
      ("steps:", "on-failure: {id: f, uses: noop}\nsteps:"),
      ("steps:", "singleton: {per: source, mode: skip}\nsteps:"),
      ("steps:", "debounce: {period: 1s, longest: 2s}\nsteps:"),
    ])
  func changes(_ old: String, _ new: String) throws {
    #expect(try definition(text).version != definition(text.replacing(old, with: new)).version)
  }

  @Test("a definition that is stored and decoded keeps it")
  func stored() throws {
    let first = try definition(text)
    let again = try JSONDecoder().decode(WorkflowDefinition.self, from: JSONEncoder().encode(first))
    #expect(again.version == first.version)
  }

  @Test("the canonical form is fixed, because another form would give every workflow a new version")
  func pinned() throws {
    #expect(
      try definition(text).canonicalForm
        == #"{"description":"","name":"mine","steps":["#
        + #"{"id":"a","retry_attempts":8,"retry_factor":2,"retry_first_us":1000000,"retry_jitter":"full","#
        + #""retry_max_us":300000000,"timeout_us":90000000,"uses":"noop","with":{}},"#
        + #"{"id":"b","retry_attempts":8,"retry_factor":2,"retry_first_us":1000000,"retry_jitter":"full","#
        + #""retry_max_us":300000000,"timeout_us":600000000,"uses":"swap","with":{"accept-missing":3}}]}"#)
  }

  @Test("a change of a built-in workflow's version must be deliberate: then change it here too")
  func builtIn() throws {
    let library = WorkflowLibrary.load(folder: nil)
    let versions = Dictionary(uniqueKeysWithValues: library.entries.map { ($0.definition.name, $0.version.rawValue) })
    #expect(
      versions == [
        "delete": "4d500c2442267cbfe77ec8152b1d90acc96a0734c03efc07aa0bb9c1c1886ea1",
        "ingest": "2b7a2923c1363807b926ff0aa6250cf1a9e0377308bf8ef6cf5ce954a925a27f",
        "reindex": "88dc78e21a06e2adb3de5821ef686a86bca81ad97fd2f788bb9a5c26de12ca64",
        "scan": "f4e4e9170287f1858d6049db5ad6b51165ec453951edf13a245e503910531be4",
      ])
  }
}
