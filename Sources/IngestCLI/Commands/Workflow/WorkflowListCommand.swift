import IngestConfig
import IngestCore

/// `ingestd workflow list`.
package enum WorkflowListCommand: Command {
  package static let spec = CommandSpec(
    "workflow list", "List the workflows, built in and your own", group: .set, data: .none,
    examples: [.init("ingestd workflow list", "With version and origin.")])

  package static func run(_ context: CommandContext) async throws {
    let library = try context.workflowLibrary()
    var table = Table([
      .init("WORKFLOW"), .init("VERSION"), .init("STEPS", yields: 1), .init("ORIGIN", yields: 2, keepsEnd: true),
    ])
    for entry in library.entries {
      let steps = entry.definition.steps.map(\.id)
      try context.console.json(
        Line(
          workflow: entry.definition.name, version: entry.version.rawValue, steps: steps,
          origin: entry.origin.description, mistakes: 0))
      table.add(
        entry.definition.name, String(entry.version.rawValue.prefix(12)), steps.joined(separator: " → "),
        entry.origin.description)
    }
    for entry in library.broken {
      try context.console.json(
        Line(workflow: entry.name, version: nil, steps: [], origin: entry.file, mistakes: entry.diagnostics.count))
      table.add([
        Table.Cell(entry.name), Table.Cell("broken", .bad), Table.Cell("\(entry.diagnostics.count) mistakes"),
        Table.Cell(entry.file),
      ])
    }
    try context.console.table(table)
    if !library.broken.isEmpty { context.console.note("`ingestd workflow validate` tells every mistake") }
  }

  /// What `--json` prints of each.
  private struct Line: Encodable {
    var workflow: String
    /// Nil for one with mistakes.
    var version: String?
    var steps: [String]
    var origin: String
    var mistakes: Int
  }
}
