/// Settings for opening a ``Database``. The defaults suit a store that must not lose an acknowledged write.
package struct DatabaseOptions: Sendable {
  package enum Mode: Sendable {
    /// Creates the file if it does not exist; its folder must exist.
    case create
    /// The file must exist: ``SQLError/missing(_:)`` otherwise.
    case existing
    /// Nothing is written, not even migrations; the file must exist.
    case readOnly
  }

  package enum Synchronous: String, Sendable {
    /// Every commit is synced before it is acknowledged.
    case full = "FULL"
    /// A power loss may lose the last commits; the file stays consistent.
    case normal = "NORMAL"
  }

  package enum AutoVacuum: String, Sendable {
    case none = "NONE"
    case incremental = "INCREMENTAL"
  }

  /// Where bodies run.
  package enum Execution: Sendable {
    /// On the database's own threads, one for the writer and up to ``DatabaseOptions/readers`` more: a body that waits
    /// for the disk never blocks Swift's own threads.
    case threads
    /// On the caller, one body at a time, each in its own transaction. For simulations, in which one seeded executor
    /// decides the order of everything.
    case caller
  }

  package var mode: Mode
  package var synchronous: Synchronous = .full
  /// In bytes, a power of two; applies only to a new file.
  package var pageSize = 4096
  /// Applies only to a new file.
  package var autoVacuum: AutoVacuum = .incremental
  /// How many read connections are opened at most, each when it is first needed.
  package var readers = 4
  /// The page cache of each connection, in bytes.
  package var cacheBytes = 8 << 20
  /// How many bytes of the file are mapped into memory; 0 maps nothing.
  package var mappedBytes = 0
  /// The size in bytes to which the WAL is truncated when it starts again.
  package var walBytesKept = 64 << 20
  /// The WAL's length, in pages, at which it is checkpointed, on a thread and connection of its own. A higher value is
  /// slower, not faster: the WAL then keeps growing into blocks that the file system has to allocate first.
  package var checkpointPages = 500
  package var busy = BusyPolicy()
  /// Applied, in order, before anyone can use the database.
  package var migrations: [Migration] = []
  /// Whether pending migrations are applied; if not, they cause ``SQLError/pendingMigrations(_:names:)``.
  package var appliesMigrations = true
  /// How many bodies share a transaction at most.
  package var groupLimit = 256
  /// How long a group runs before it commits, even if more bodies wait.
  package var groupTime: Duration = .milliseconds(10)
  package var execution: Execution = .threads
  /// Called with the bits that the bodies flagged, if any, after a COMMIT that took effect or may have, before its
  /// bodies return. It runs on the writer's thread: it must be short and must not call the database.
  package var onCommit: @Sendable (UInt64) -> Void = { _ in }
  /// Called when a sync failed. After that, nothing that this process wrote is reliable. It should not return.
  package var onFatal: @Sendable (SQLError) -> Void = { fatalError("a sync to disk failed: \($0)") }
  /// The wall clock in microseconds since 1970, for `schema_migrations.applied_at`.
  package var now: @Sendable () -> Int64 = { systemMicroseconds() }
  package var faults = DatabaseFaults()

  package init(mode: Mode = .create, migrations: [Migration] = []) {
    self.mode = mode
    self.migrations = migrations
  }
}
