import IngestAPI
import IngestApp
import IngestOperations

/// `ingestd migrate`.
package enum MigrateCommand: Command {
  package static let dryRun = Parameter(flag: "--dry-run", summary: "Show what would be applied, and apply nothing.")

  package static let spec = CommandSpec(
    "migrate", "Update the database to this program's version", section: .setup,
    details: ["Every command does this when it starts. This one reports what it applied."],
    parameters: [dryRun.spec],
    examples: [.init("ingestd migrate --dry-run", "Show what an upgrade would do.")],
    exits: [.init(4, "the database is newer than this program")])

  package static func run(_ context: CommandContext) async throws {
    let migrations = try await context.request().migrate(isDryRun: context[dryRun])
    for migration in migrations {
      try context.console.json(MigrationResponse(migration))
      switch migration.state {
      case .applied: break
      case .new: try context.console.line("applied \(migration.name)")
      case .pending: try context.console.line("would apply \(migration.name)")
      }
    }
    if migrations.allSatisfy({ $0.state == .applied }) {
      try context.console.line("nothing to apply: the database is at \(migrations.last?.name ?? "its beginning")")
    }
  }
}
