internal import CSQLite
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Copies the WAL back into the database file, on a thread and a connection of its own, so that no writer waits for it.
///
/// The thread starts when the WAL is first long enough, so a short-lived process never pays for it.
final class Checkpointer: Sendable {
  private struct State {
    /// The WAL's length when a checkpoint was requested; 0 when none is requested.
    var walPages = 0
    /// The length at which the next checkpoint is due.
    var due: Int
    /// The length that was last noted. If the WAL is shorter now, it has started again.
    var lastPages = 0
    var isAsleep = false
    var hasThread = false
    var isClosed = false
    var whenClosed: [@Sendable () -> Void] = []
  }

  private let state: Mutex<State>
  private let wake = DispatchSemaphore(value: 0)
  private let path: String
  private let options: DatabaseOptions

  init(path: String, options: DatabaseOptions) {
    self.path = path
    self.options = options
    state = Mutex(State(due: options.checkpointPages))
  }

  /// Notes the WAL's length after each group. A checkpoint is due each time the WAL has grown by
  /// ``DatabaseOptions/checkpointPages``, and not after every further group: under load the WAL rarely starts again.
  func noteWAL(pages: Int) {
    enum Next { case nothing, wake, start }
    let next = state.withLock { state -> Next in
      if pages < state.lastPages { state.due = options.checkpointPages }
      state.lastPages = pages
      guard !state.isClosed, pages >= state.due else { return .nothing }
      state.due = pages + options.checkpointPages
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
        // The WAL grows until a later group can start a thread.
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
    // Lowers the priority, so that threads that wait for a commit run first. On Linux 0 is the calling thread, not the
    // process.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
    var connection: Connection?
    var restart = 8 * options.checkpointPages
    while let pages = nextWAL() {
      do throws(SQLError) {
        let open: Connection
        if let connection { open = connection } else { open = try Connection.open(path, options, as: .checkpointer) }
        connection = open
        try open.checkpoint(SQLITE_CHECKPOINT_PASSIVE)
        if pages >= restart { restart = try startAgain(open, walPages: pages) }
      } catch {
        if error.isFailedSync { options.onFatal(error) }
        // Nothing is lost: the WAL still holds everything. The next try opens a new connection.
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

  /// Makes the WAL start again from its beginning. A passive checkpoint blocks no one, but after it the WAL starts
  /// again only if a write begins when all of the WAL is copied and no one reads from it. This call waits for such a
  /// moment and blocks writers until then, so it is used only when the WAL has grown long, and it gives up after a
  /// short time.
  /// - Returns: the length at which to try again.
  private func startAgain(_ connection: Connection, walPages: Int) throws(SQLError) -> Int {
    let far = 8 * options.checkpointPages
    let mode = walPages >= 4 * far ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART
    return try connection.checkpoint(mode) ? far : walPages + far
  }

  /// Waits until there is a WAL to copy.
  /// - Returns: its length in pages; nil once closed.
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
  /// Runs a checkpoint. If another checkpoint or a reader blocks it, that is no failure: the next one copies the rest.
  /// - Returns: whether nothing blocked it.
  @discardableResult
  func checkpoint(_ mode: Int32) throws(SQLError) -> Bool {
    let code = sqlite3_wal_checkpoint_v2(handle, "main", mode, nil, nil)
    switch code & 0xFF {
    case SQLITE_OK: return true
    case SQLITE_BUSY, SQLITE_LOCKED: return false
    default: throw SQLError(handle: handle, code: code, path: path)
    }
  }
}
