/// `ingestd migrate`.
package enum MigrateCommand: CommandDeclaration {
  package static let dryRun = Parameter(flag: "--dry-run", summary: "Say what would be applied, and apply nothing.")

  package static let spec = CommandSpec(
    "migrate", "Bring the database to this program's version", group: .set,
    details: ["Every command does this at its start; this one only shows it."],
    parameters: [dryRun.spec],
    examples: [.init("ingestd migrate --dry-run", "What an upgrade would do.")],
    exits: [.init(4, "the database is newer than this program")])
}
