import IngestConfig
import IngestCore
package import IngestOperations
import IngestSQL
import IngestStore

extension InstallationRequest {
  /// Migrates the database of the data folder to this program's version.
  /// - Parameter isDryRun: lists the migrations and applies none.
  /// - Returns: all migrations in their order, with their state before this call.
  package func migrate(isDryRun: Bool) async throws -> [MigrationReport] {
    let layout = DataLayout(folder: try folder())
    if let lost = layout.lostDatabase { throw lost }
    let before: [MigrationStatus]
    do {
      before = try Database.migrationStatus(path: layout.database, migrations: Store.migrations)
      if !isDryRun, before.contains(where: { $0.appliedAt == nil }) {
        let options = DatabaseOptions(mode: .existing, migrations: Store.migrations)
        await (try Database(path: layout.database, options: options)).close()
      }
    } catch let error {
      throw Failure(error)
    }
    return before.map {
      MigrationReport(
        number: $0.number, name: $0.name, state: $0.appliedAt != nil ? .applied : isDryRun ? .pending : .new,
        appliedAt: $0.appliedAt.map(Timestamp.init(rawValue:)))
    }
  }

  /// The configuration in force, and where each value came from.
  package func settings() throws -> SettingsReport {
    let layout = try layoutIfAny()
    let loaded = try loadedConfiguration(in: layout)
    return SettingsReport(
      settings: loaded.settings.map {
        SettingsReport.Setting(
          key: $0.path, value: $0.value, origin: $0.origin.description, isBuiltIn: $0.origin == .builtIn,
          variable: $0.variable)
      },
      file: loaded.file, folder: layout?.folder)
  }
}
