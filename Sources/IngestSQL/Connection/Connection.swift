internal import CSQLite

/// A connection to a SQLite file, confined to the thread of the writer or reader that lends it to a body.
///
/// Not `Sendable`: it must not be used after the body returns.
package final class Connection {
  let handle: OpaquePointer
  package let path: String
  let busy: BusyWait
  private var cache = StatementCache(limit: 256)
  private let rewrite: (@Sendable (_ name: String?, _ text: String) -> String)?
  /// The bits that the running body has flagged.
  var flags: UInt64 = 0
  /// The number of pages in the WAL after this connection's last commit.
  var walPages: Int = 0
  /// See ``syncName()``.
  var hasSyncedName = false

  /// Creates a connection that owns an open handle; see ``Connection/open(_:_:as:)``.
  init(handle: OpaquePointer, path: String, _ options: DatabaseOptions) {
    self.handle = handle
    self.path = path
    busy = BusyWait(options.busy)
    rewrite = options.faults.statement
  }

  deinit {
    cache.removeAll()
    sqlite3_close_v2(handle)
  }

  /// Runs a statement to its end.
  /// - Returns: how many rows it inserted, changed or deleted, without those of triggers and cascades.
  @discardableResult
  package func run(_ sql: SQL) throws(SQLError) -> Int {
    let before = sqlite3_total_changes64(handle)
    let statement = try lend(sql)
    defer { statement.reset() }
    while try step(statement, sql) {}
    return sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
  }

  /// Returns the result of `map` for each row, in the order of the statement.
  package func rows<T>(_ sql: SQL, _ map: (Row) throws -> T) throws -> [T] {
    var result: [T] = []
    try each(sql) { row in result.append(try map(row)) }
    return result
  }

  /// Returns the result of `map` for the first row; nil if there is none. The other rows of a `SELECT` are not
  /// computed; a statement that writes is run to its end.
  package func first<T>(_ sql: SQL, _ map: (Row) throws -> T) throws -> T? {
    let statement = try lend(sql)
    defer { statement.reset() }
    guard try step(statement, sql) else { return nil }
    let result = try map(.current(.init(statement: statement.handle)))
    if !statement.isReadOnly {
      while try step(statement, sql) {}
    }
    return result
  }

  /// Calls `body` with each row. The body may run other statements, even the same one.
  package func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    let statement = try lend(sql)
    defer { statement.reset() }
    while try step(statement, sql) {
      try body(.current(.init(statement: statement.handle)))
    }
  }

  /// Runs a text of many statements, such as a migration, and ignores their rows.
  package func script(_ text: String) throws(SQLError) {
    let code = sqlite3_exec(handle, text, nil, nil, nil)
    guard code == SQLITE_OK else { throw SQLError(handle: handle, code: code, path: path) }
  }

  /// Passes `bit` to ``DatabaseOptions/onCommit`` once this body's transaction has committed. The bits of a body that
  /// fails are dropped.
  package func flag(_ bit: UInt64) {
    flags |= bit
  }

  /// Whether no transaction is open: SQLite ends one by itself on some failures.
  var isOutsideTransaction: Bool { sqlite3_get_autocommit(handle) != 0 }

  /// The error for a body that returned although its transaction has ended: the body swallowed an error or ended the
  /// transaction itself.
  var endedTransaction: SQLError {
    let code = sqlite3_extended_errcode(handle)
    return code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE
      ? .failed(.init(path: path, message: "a body must neither end its transaction nor hide the error that ended it"))
      : SQLError(handle: handle, code: code, path: path)
  }

  /// The number of prepared statements that are kept, at most 256.
  package var cachedStatements: Int { cache.count }

  private func lend(_ sql: SQL) throws(SQLError) -> Statement {
    let statement: Statement
    if let kept = cache.take(sql) { statement = kept } else { statement = try prepare(sql) }
    let code = statement.bind(sql)
    guard code == SQLITE_OK else {
      let error = SQLError(handle: handle, code: code, path: path, sql: sql.text())
      statement.reset()
      throw error
    }
    statement.isInUse = true
    return statement
  }

  private func prepare(_ sql: SQL) throws(SQLError) -> Statement {
    var prepared: OpaquePointer?
    let text = rewrite?(sql.name?.description, sql.text()) ?? sql.text()
    let code = sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK else { throw SQLError(handle: handle, code: code, path: path, sql: text) }
    guard let prepared else {
      throw .failed(.init(path: path, message: "the statement is empty", sql: text))
    }
    let statement = Statement(prepared, of: sql)
    cache.keep(statement, for: sql)
    return statement
  }

  /// - Returns: whether the statement has a current row.
  @inline(__always)
  private func step(_ statement: Statement, _ sql: SQL) throws(SQLError) -> Bool {
    let code = sqlite3_step(statement.handle)
    if code == SQLITE_DONE { return false }
    if code == SQLITE_ROW { return true }
    throw SQLError(handle: handle, code: code, path: path, sql: sql.text())
  }
}
