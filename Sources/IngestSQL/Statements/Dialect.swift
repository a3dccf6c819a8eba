/// The few fragments in which the databases differ, so that one text serves them all.
package enum Dialect: Sendable, CaseIterable {
  case sqlite
  case postgres

  /// The `position`-th bind of a statement, from 1.
  func placeholder(_ position: Int) -> String {
    switch self {
    case .sqlite: "?"
    case .postgres: "$\(position)"
    }
  }

  /// Opens a transaction that will write. SQLite takes the lock at once: a read that turns into a write would fail with
  /// `SQLITE_BUSY_SNAPSHOT`, which no waiting cures.
  var beginWrite: SQL {
    switch self {
    case .sqlite: "BEGIN IMMEDIATE"
    case .postgres: "BEGIN"
    }
  }

  /// Ends a claiming `SELECT`: passes over rows another transaction is claiming. SQLite has one writer and needs nothing.
  package var skipLocked: SQL {
    switch self {
    case .sqlite: ""
    case .postgres: " FOR UPDATE SKIP LOCKED"
    }
  }
}
