/// The statements that a connection has prepared, found by the address of their text in the program.
struct StatementCache {
  private var statements: [UInt: Statement] = [:]
  private var clock: UInt = 0
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  var count: Int { statements.count }

  /// Returns the prepared statement for `sql`, if there is one that is not in use.
  mutating func take(_ sql: SQL) -> Statement? {
    guard let statement = statements[sql.key], !statement.isInUse, statement.matches(sql) else { return nil }
    clock &+= 1
    statement.lastUse = clock
    return statement
  }

  /// Keeps `statement`. If the cache is full, it drops the least recently used statement.
  mutating func keep(_ statement: Statement, for sql: SQL) {
    if let other = statements[sql.key], other.isInUse { return }
    if statements.count >= limit, statements[sql.key] == nil {
      let oldest = statements.filter { !$0.value.isInUse }.min { $0.value.lastUse < $1.value.lastUse }
      guard let oldest else { return }
      statements[oldest.key] = nil
    }
    clock &+= 1
    statement.lastUse = clock
    statements[sql.key] = statement
  }

  mutating func removeAll() {
    statements = [:]
  }
}
