/// A SQLite file: one writer that groups commits, a few readers, a checkpointer.
///
/// Bodies run on the database's own threads, each with a connection that it may use until it returns; there is no
/// `await` inside a transaction. Call ``close()`` when done; a database that is only released closes by itself a little
/// later.
package final class Database: Sendable {
  package let path: String
  private let access: any Access
  let options: DatabaseOptions

  /// Opens the file, switches it to WAL and applies migrations. Blocks the caller until it is done; it waits up to
  /// ``BusyPolicy/limit`` for another process that does the same.
  package init(path: String, options: DatabaseOptions = DatabaseOptions()) throws(SQLError) {
    self.path = path
    self.options = options
    let connection = try Connection.open(path, options, as: .writer)
    try Migrator(options: options).bringUp(connection)
    let group = GroupCommit(path: path, options: options, connection: connection)
    switch options.execution {
    case .threads: access = ThreadedAccess(path: path, options: options, group: group)
    case .caller: access = CallerAccess(path: path, options: options, group: group)
    }
  }

  deinit {
    access.close {}
  }

  /// Runs `body` in a write transaction that it may share with other bodies, and returns when the transaction is
  /// durable.
  ///
  /// The body may run more than once (see ``GroupCommit``), so it must affect nothing but its connection, and must
  /// neither begin nor end transactions. If it throws, its changes are rolled back. It runs even if the calling task is
  /// cancelled: a cancelled task must still be able to give back a lease.
  @discardableResult
  package func write<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
    try await withUnsafeThrowingContinuation { access.write(TypedWork(body, $0)) }
  }

  /// Runs `body` in a read transaction: all its statements see the same commit, and every write that returned before
  /// the call. Writing fails with ``SQLError/readOnly(_:)``.
  package func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
    try await withUnsafeThrowingContinuation { access.read(TypedWork(body, $0)) }
  }

  /// Accepts no more bodies, finishes the queued ones and closes the file. The last process that closes it copies the
  /// WAL into the file.
  package func close() async {
    await withUnsafeContinuation { continuation in access.close { continuation.resume() } }
  }

  package var statistics: WriteStatistics { access.statistics }
}

/// A way to run bodies; see ``DatabaseOptions/Execution``.
protocol Access: Sendable {
  func write(_ work: Work)
  func read(_ work: Work)
  /// Calls `done` when everything is closed; may be called again.
  func close(_ done: @escaping @Sendable () -> Void)
  var statistics: WriteStatistics { get }
}
