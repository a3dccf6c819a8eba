import IngestSQL
import IngestTestKit
import Synchronization

/// Opens a database in its own folder, with one table `t (id, v UNIQUE)`.
func withDatabase(
  _ change: (inout DatabaseOptions) -> Void = { _ in },
  _ body: (Database, TemporaryFolder) async throws -> Void
) async throws {
  try await TemporaryFolder.with { folder in
    let database = try Database(path: folder.file("t.db"), options: options(change))
    try await body(database, folder)
    await database.close()
  }
}

func options(_ change: (inout DatabaseOptions) -> Void = { _ in }) -> DatabaseOptions {
  var options = DatabaseOptions(migrations: [table])
  change(&options)
  return options
}

let table = migration(
  "0001_table.sql", "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL UNIQUE, b BLOB) STRICT;")

func migration(_ name: String, _ text: String) -> Migration {
  guard let migration = Migration(name: name, text: text) else { preconditionFailure("\(name) has no number") }
  return migration
}

/// A value that several threads count or collect in.
final class Box<T: Sendable>: Sendable {
  fileprivate let state: Mutex<T>

  init(_ value: T) {
    state = Mutex(value)
  }

  var value: T { state.withLock { $0 } }
  func change(_ body: @Sendable (inout T) -> Void) { state.withLock { body(&$0) } }
}

extension Box<Int> {
  /// Returns the number and counts it up.
  func next() -> Int {
    state.withLock { number in
      defer { number += 1 }
      return number
    }
  }
}

struct Refused: Error, Equatable {}
