import IngestApp
import IngestCore
import IngestSQL
import IngestStore

/// `ingestd migrate`.
package enum MigrateCommand: Command {
  package static let dryRun = Parameter(flag: "--dry-run", summary: "Say what would be applied, and apply nothing.")

  package static let spec = CommandSpec(
    "migrate", "Bring the database to this program's version", group: .set,
    details: ["Every command does this at its start; this one only shows it."],
    parameters: [dryRun.spec],
    examples: [.init("ingestd migrate --dry-run", "What an upgrade would do.")],
    exits: [.init(4, "the database is newer than this program")])

  package static func run(_ context: CommandContext) async throws {
    let layout = DataLayout(folder: try context.request().folder())
    if let lost = layout.lostDatabase { throw lost }
    let before: [MigrationStatus]
    do {
      before = try Database.migrationStatus(path: layout.database, migrations: Store.migrations)
      if !context[dryRun], before.contains(where: { $0.appliedAt == nil }) {
        let options = DatabaseOptions(mode: .existing, migrations: Store.migrations)
        await (try Database(path: layout.database, options: options)).close()
      }
    } catch let error {
      throw Failure(error)
    }
    var pending = 0
    for migration in before {
      let state = migration.appliedAt != nil ? "applied" : context[dryRun] ? "pending" : "new"
      if migration.appliedAt == nil { pending += 1 }
      try context.console.json(
        Line(
          number: migration.number, name: migration.name, state: state,
          appliedAt: migration.appliedAt.map(Timestamp.init(rawValue:))))
      if migration.appliedAt == nil {
        try context.console.line(context[dryRun] ? "would apply \(migration.name)" : "applied \(migration.name)")
      }
    }
    if pending == 0 {
      try context.console.line("nothing to apply: the database is at \(before.last?.name ?? "its beginning")")
    }
  }

  /// What `--json` prints of each migration.
  private struct Line: Encodable {
    var number: Int
    var name: String
    /// `applied` before, `new` by this run, or `pending`.
    var state: String
    var appliedAt: Timestamp?
  }
}
