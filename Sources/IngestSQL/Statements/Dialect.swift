/// The few fragments of SQL in which the databases differ, so that one text works for all of them.
package enum Dialect: Sendable, CaseIterable {
  case sqlite
  case postgres

  /// Returns the placeholder of the `position`-th bound value of a statement, counted from 1.
  func placeholder(_ position: Int) -> String {
    switch self {
    case .sqlite: "?"
    case .postgres: "$\(position)"
    }
  }

  /// The statement that begins a transaction that will write. SQLite takes the lock at once: a read that turns into a
  /// write would fail with `SQLITE_BUSY_SNAPSHOT`, and waiting does not help then.
  var beginWrite: SQL {
    switch self {
    case .sqlite: "BEGIN IMMEDIATE"
    case .postgres: "BEGIN"
    }
  }
}
