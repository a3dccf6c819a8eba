internal import CSQLite
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Copies the WAL back into the database file, on a thread and a connection of its own, so that no writer waits for it.
///
/// The thread starts with the first WAL that is long enough: a short-lived process never pays for it.
final class Checkpointer: Sendable {
  private struct State {
    /// The length that asks for a checkpoint; 0 when none is asked for.
    var walPages = 0
    /// The length at which the next one is due.
    var due: Int
    /// As last noted: a shorter one than before has started again.
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

  /// Takes note of the WAL's length, after every group. A checkpoint is due whenever it has grown by so many pages, not
  /// with every group from then on: under load the WAL starts again only now and then.
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
  /// is copied and nobody reads from it. This waits for that moment and holds writers off meanwhile: only where the WAL
  /// has grown far, and not for long. - Returns: the length at which to try again.
  private func startAgain(_ connection: Connection, walPages: Int) throws(SQLError) -> Int {
    let far = 8 * options.checkpointPages
    let mode = walPages >= 4 * far ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART
    return try connection.checkpoint(mode) ? far : walPages + far
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
  /// - Returns: whether nobody was in the way.
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
