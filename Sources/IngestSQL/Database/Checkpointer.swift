internal import CSQLite
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Copies the WAL back into the database file, on a thread and a connection of its own, so that no writer waits for it.
///
/// The thread starts with the first WAL that is long enough: a short-lived process never pays for it.
final class Checkpointer: Sendable {
  private struct State {
    var walPages = 0
    var isAsleep = false
    var hasThread = false
    var isClosed = false
    var whenClosed: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)
  private let path: String
  private let options: DatabaseOptions

  init(path: String, options: DatabaseOptions) {
    self.path = path
    self.options = options
  }

  /// Takes note of the WAL's length; called after every group.
  func noteWAL(pages: Int) {
    guard pages >= options.checkpointPages else { return }
    enum Next { case nothing, wake, start }
    let next = state.withLock { state -> Next in
      guard !state.isClosed else { return .nothing }
      state.walPages = pages
      guard state.hasThread else {
        state.hasThread = true
        return .start
      }
      defer { state.isAsleep = false }
      return state.isAsleep ? .wake : .nothing
    }
    switch next {
    case .nothing: break
    case .wake: wake.signal()
    case .start:
      if DedicatedThread.start({ self.run() }) != 0 {
        // The WAL grows until a later group finds a thread to be had.
        state.withLock { $0.hasThread = false }
      }
    }
  }

  func close(_ done: @escaping @Sendable () -> Void) {
    let (isIdle, mustWake) = state.withLock { state in
      state.isClosed = true
      guard state.hasThread else { return (true, false) }
      state.whenClosed.append(done)
      defer { state.isAsleep = false }
      return (false, state.isAsleep)
    }
    if isIdle { done() }
    if mustWake { wake.signal() }
  }

  private func run() {
    // Gives way to those who wait for a commit. On Linux 0 is the calling thread, not the process.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
    var connection: Connection?
    while let pages = nextWAL() {
      do throws(SQLError) {
        let open: Connection
        if let connection { open = connection } else { open = try Connection.open(path, options, as: .checkpointer) }
        connection = open
        try checkpoint(open, walPages: pages)
      } catch {
        if error.isFailedSync { options.onFatal(error) }
        // Nothing is lost, the WAL still holds it all; the next try has a connection of its own.
        connection = nil
      }
    }
    connection = nil
    let whenClosed = state.withLock { state in
      state.hasThread = false
      defer { state.whenClosed = [] }
      return state.whenClosed
    }
    for done in whenClosed { done() }
  }

  /// A passive checkpoint disturbs nobody, but the WAL starts again only when a writer comes at a moment when all of it
  /// is copied and nobody reads from it. One that has grown far past its size holds writers off for that moment.
  private func checkpoint(_ connection: Connection, walPages: Int) throws(SQLError) {
    try connection.checkpoint(SQLITE_CHECKPOINT_PASSIVE)
    if walPages >= 32 * options.checkpointPages {
      try connection.checkpoint(SQLITE_CHECKPOINT_TRUNCATE)
    } else if walPages >= 8 * options.checkpointPages {
      try connection.checkpoint(SQLITE_CHECKPOINT_RESTART)
    }
  }

  /// Waits until there is a WAL to copy. - Returns: nil once closed.
  private func nextWAL() -> Int? {
    while true {
      let (pages, isClosed) = state.withLock { state in
        defer { state.walPages = 0 }
        state.isAsleep = state.walPages == 0 && !state.isClosed
        return (state.walPages, state.isClosed)
      }
      if isClosed { return nil }
      if pages > 0 { return pages }
      wake.wait()
    }
  }
}

extension Connection {
  /// Somebody else's checkpoint or a reader in the way is no failure: what is left is copied next time.
  func checkpoint(_ mode: Int32) throws(SQLError) {
    let code = sqlite3_wal_checkpoint_v2(handle, "main", mode, nil, nil)
    guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY || code & 0xFF == SQLITE_LOCKED else {
      throw SQLError(handle: handle, code: code, path: path)
    }
  }
}
