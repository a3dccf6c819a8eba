import FoundationEssentials
import IngestApp
import IngestConfig
import IngestCore
import Testing

/// The pages under `docs/` must agree with the program. After a deliberate change, `UPDATE_DOCS=1 swift test --filter
/// DocumentationTests` writes the generated tables again.
@Suite("The documentation")
struct DocumentationTests {
  private func page(_ name: String) throws -> String {
    try String(contentsOfFile: Repository.root + "/docs/" + name, encoding: .utf8)
  }

  private func blocks(_ page: String) -> [String] {
    page.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
  }

  func expectTable(_ table: String, in name: String, marker: String) throws {
    let page = try page(name)
    let (begin, end) = ("<!-- \(marker): begin -->\n", "<!-- \(marker): end -->")
    let parts = page.components(separatedBy: begin)
    let rest = try #require(parts.last?.components(separatedBy: end))
    try #require(parts.count == 2 && rest.count == 2)
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
      try (parts[0] + begin + table + end + rest[1])
        .write(toFile: Repository.root + "/docs/" + name, atomically: true, encoding: .utf8)
    } else {
      #expect(rest[0] == table, "docs/\(name) is out of date: UPDATE_DOCS=1 swift test --filter DocumentationTests")
    }
  }

  @Test("docs/configuration.md lists every key as in the table of keys")
  func configuration() throws {
    try expectTable(ConfigurationReference.markdown, in: "configuration.md", marker: "keys")
  }

  @Test("docs/workflows.md lists every kind of step as in the catalogue")
  func workflows() throws {
    try expectTable(StepCatalogue.standard.markdown, in: "workflows.md", marker: "kinds")
  }

  @Test(
    "every YAML block of these pages is a configuration without mistakes",
    arguments: [("configuration.md", 3), ("flow-control.md", 6)])
  func configurationBlocks(_ name: String, _ count: Int) throws {
    let blocks = blocks(try page(name))
    #expect(blocks.count == count)
    for block in blocks {
      let path = FileManager.default.temporaryDirectory.path + "/docs-\(UUID().uuidString).yaml"
      try block.write(toFile: path, atomically: false, encoding: .utf8)
      defer { try? FileManager.default.removeItem(atPath: path) }
      let failure = refusal { try Configuration.load(file: path) }
      #expect(failure == nil)
    }
  }

  @Test("every YAML block of docs/workflows.md is a workflow without mistakes")
  func workflowBlocks() throws {
    let blocks = blocks(try page("workflows.md"))
    #expect(blocks.count == 6)
    for block in blocks {
      var diagnostics: [Diagnostic] = []
      _ = WorkflowReader.read(Array(block.utf8), file: "docs", catalogue: .standard, diagnostics: &diagnostics)
      #expect(diagnostics == [])
    }
  }

  @Test("the defaults that docs/workflows.md names are the ones in force")
  func workflowDefaults() throws {
    let page = try page("workflows.md")
    let policy = RetryPolicy()
    let step = StepDefinition(id: "a", uses: "noop")
    let said = [
      ("timeout", step.timeout.compact), ("retry.attempts", "\(policy.attempts)"),
      ("retry.first", policy.first.compact), ("retry.factor", "\(Int(policy.factor))"),
      ("retry.max", policy.maximum.compact), ("retry.jitter", policy.jitter.rawValue),
    ]
    for (key, value) in said {
      let row = page.split(separator: "\n").first { $0.hasPrefix("| `steps[].\(key)`") }
      #expect(row?.hasSuffix("| `\(value)` |") == true, "\(key)")
    }
  }
}
