import IngestAPI
import IngestApp
import IngestCore
import IngestOperations

/// `ingestd config`.
package enum ConfigCommand: Command {
  package static let spec = CommandSpec(
    "config", "Show the configuration in force and where each value comes from", section: .setup, data: .none,
    details: [
      "Flags win over the environment (INGESTD_…), and the environment over the file. Secrets are shown as ***. Every "
        + "mistake is reported with its file, line and a hint."
    ],
    examples: [
      .init("ingestd config", "All values and their origins."),
      .init("ingestd config --config ./ingestd.yaml", "Check a file before you use it."),
    ],
    exits: [.init(2, "the configuration has a mistake"), .init(3, "the file of --config does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let report = try context.request().settings()
    var table = Table([
      .init("KEY", yields: 1, minimum: 20), .init("VALUE", yields: 2, minimum: 12),
      .init("ORIGIN", yields: 3, minimum: 14, keepsEnd: true),
    ])
    for setting in report.settings {
      try context.console.json(SettingResponse(setting))
      table.add([
        Table.Cell(setting.key), Table.Cell(setting.value ?? "-"),
        Table.Cell(setting.origin, setting.isBuiltIn ? .dim : nil),
      ])
    }
    try context.console.table(table)
    context.console.note("file: \(report.file?.visible ?? "none")")
    context.console.note("data folder: \(report.folder?.visible ?? "none yet")")
  }
}
