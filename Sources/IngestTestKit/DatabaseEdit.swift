internal import IngestSQL

/// Changes to a database behind the program's back, as damage or another version would make them.
package enum DatabaseEdit {
  /// Runs statements in one transaction. The schema of the file is not checked.
  package static func run(_ statements: String, on path: String) async throws {
    let database = try Database(path: path, options: DatabaseOptions(mode: .existing))
    try await database.write { db in try db.script(statements) }
    await database.close()
  }
}
