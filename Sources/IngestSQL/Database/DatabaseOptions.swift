/// How a ``Database`` is opened. The defaults are those of a store that must not lose an acknowledged write.
package struct DatabaseOptions: Sendable {
  package enum Mode: Sendable {
    /// Makes the file where there is none; its folder must exist.
    case create
    /// The file must exist: ``SQLError/missing(_:)`` otherwise.
    case existing
    /// Nothing is written, not even migrations; the file must exist.
    case readOnly
  }

  package enum Synchronous: String, Sendable {
    /// Every commit is synced before it is acknowledged.
    case full = "FULL"
    /// A power loss may take the last commits; the file stays sound.
    case normal = "NORMAL"
  }

  package enum AutoVacuum: String, Sendable {
    case none = "NONE"
    case incremental = "INCREMENTAL"
  }

  /// Where bodies run.
  package enum Execution: Sendable {
    /// On threads of the database's own, one for the writer and up to ``DatabaseOptions/readers`` more: a body that waits
    /// for the disk never blocks Swift's own threads.
    case threads
    /// On the caller, one body at a time and one a transaction: for simulations, in which one seeded executor decides
    /// the order of everything.
    case caller
  }

  package var mode: Mode
  package var synchronous: Synchronous = .full
  /// In bytes, a power of two; only a new file takes it.
  package var pageSize = 4096
  /// Only a new file takes it.
  package var autoVacuum: AutoVacuum = .incremental
  /// Read connections that are opened at most, each when it is first needed.
  package var readers = 4
  /// Page cache of each connection.
  package var cacheBytes = 8 << 20
  /// How much of the file is mapped into memory; 0 maps nothing.
  package var mappedBytes = 0
  /// The WAL is cut down to this size when it starts again.
  package var walBytesKept = 64 << 20
  /// A WAL of so many pages is checkpointed, on a thread and connection of its own. A longer one is slower, not faster:
  /// it keeps growing into blocks that the file system has to find first.
  package var checkpointPages = 500
  package var busy = BusyPolicy()
  /// Applied, in order, before the database is opened to anybody.
  package var migrations: [Migration] = []
  /// Whether pending migrations are applied or are a ``SQLError/pendingMigrations(_:names:)``.
  package var appliesMigrations = true
  /// At most so many bodies share a transaction.
  package var groupLimit = 256
  /// A group that has run for so long commits, whoever waits.
  package var groupTime: Duration = .milliseconds(10)
  package var execution: Execution = .threads
  /// Called after a COMMIT, or one that may have taken place, before its bodies return, with the bits that they flagged,
  /// if any. It runs on the writer's thread: it must be short and must not call the database.
  package var onCommit: @Sendable (UInt64) -> Void = { _ in }
  /// Called when a sync failed, after which nothing that this process wrote can be relied on. It should not return.
  package var onFatal: @Sendable (SQLError) -> Void = { fatalError("a sync to disk failed: \($0)") }
  /// Wall clock in microseconds since 1970, for `schema_migrations.applied_at`.
  package var now: @Sendable () -> Int64 = { systemMicroseconds() }
  package var faults = DatabaseFaults()

  package init(mode: Mode = .create, migrations: [Migration] = []) {
    self.mode = mode
    self.migrations = migrations
  }
}
