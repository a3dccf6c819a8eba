/// A SQLite file: one writer that groups commits, a few readers, a checkpointer.
///
/// Bodies run on the database's own threads with a connection that is theirs until they return; there is no `await`
/// inside a transaction. ``close()`` it when done; one that is only released closes by itself, a little later.
package final class Database: Sendable {
  package let path: String
  private let access: any Access
  let options: DatabaseOptions

  /// Opens the file, brings it to WAL and applies migrations. Blocks the caller while it does, up to ``BusyPolicy/limit``
  /// where another process is at the same.
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

  /// Runs `body` in a write transaction that it may share with others, and returns when that is durable.
  ///
  /// The body may run more than once (see ``GroupCommit``), so it must have no effect but on its connection, and must
  /// neither begin nor end transactions. When it throws, nothing of it is kept. It runs even when the calling task is
  /// cancelled: giving a lease back is what a cancelled task has to do.
  @discardableResult
  package func write<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
    try await withUnsafeThrowingContinuation { access.write(TypedWork(body, $0)) }
  }

  /// Runs `body` in a read transaction: all its statements see the same commit, and every write that returned before
  /// the call. Writing fails with ``SQLError/readOnly(_:)``.
  package func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
    try await withUnsafeThrowingContinuation { access.read(TypedWork(body, $0)) }
  }

  /// Takes no more bodies, finishes those that are queued and closes the file. The last process to close it folds the
  /// WAL into it.
  package func close() async {
    await withUnsafeContinuation { continuation in access.close { continuation.resume() } }
  }

  package var statistics: WriteStatistics { access.statistics }
}

/// Who runs the bodies; see ``DatabaseOptions/Execution``.
protocol Access: Sendable {
  func write(_ work: Work)
  func read(_ work: Work)
  /// Calls `done` when everything is closed; may be called again.
  func close(_ done: @escaping @Sendable () -> Void)
  var statistics: WriteStatistics { get }
}
