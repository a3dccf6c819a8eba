import IngestApp
import IngestConfig
import IngestCore

/// `ingestd config`.
package enum ConfigCommand: Command {
  package static let spec = CommandSpec(
    "config", "Show the configuration in force and where each value is from", group: .set, data: .none,
    details: [
      "Flags win over the environment (INGESTD_…), the environment over the file. Secrets are shown as ***. All "
        + "mistakes are told, each with its file, line and a hint."
    ],
    examples: [
      .init("ingestd config", "All values with their origin."),
      .init("ingestd config --config ./ingestd.yaml", "Check a file before it is used."),
    ],
    exits: [.init(2, "the configuration has a mistake")])

  package static func run(_ context: CommandContext) async throws {
    let request = context.request()
    let layout = try request.layoutIfAny()
    let loaded = try request.loadedConfiguration(in: layout)
    var table = Table([
      .init("KEY", yields: 1, minimum: 20), .init("VALUE", yields: 2, minimum: 12),
      .init("ORIGIN", yields: 3, minimum: 14, keepsEnd: true),
    ])
    for setting in loaded.settings {
      try context.console.json(
        Line(
          key: setting.path, value: setting.value, origin: setting.origin.description, variable: setting.variable))
      table.add([
        Table.Cell(setting.path), Table.Cell(setting.value ?? "-"),
        Table.Cell(setting.origin.description, setting.origin == .builtIn ? .dim : nil),
      ])
    }
    try context.console.table(table)
    context.console.note("file: \(loaded.file?.visible ?? "none")")
    context.console.note("data folder: \(layout?.folder.visible ?? "none yet")")
  }

  /// What `--json` prints of each value.
  private struct Line: Encodable {
    var key: String
    var value: String?
    var origin: String
    var variable: String?
  }
}
