internal import IngestSQL

/// Changes a database behind the program's back, as damage or another version would.
package enum DatabaseEdit {
  /// Runs statements in one transaction, whatever schema the file has.
  package static func run(_ statements: String, on path: String) async throws {
    let database = try Database(path: path, options: DatabaseOptions(mode: .existing))
    try await database.write { db in try db.script(statements) }
    await database.close()
  }
}
