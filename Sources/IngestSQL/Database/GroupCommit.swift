internal import CSQLite

/// Runs bodies, many to a transaction, on the one connection that writes. Confined to the writer's thread.
///
/// The rules (DESIGN, "The store at speed"): nobody is told anything before the COMMIT; a body that fails takes back only
/// what it did itself; where SQLite ended the whole transaction on a body's failure, the others run again without it.
final class GroupCommit {
  /// Where more bodies come from while the group runs.
  typealias Source = (_ limit: Int) -> [Work]

  private let path: String
  private let options: DatabaseOptions
  /// None after a failure that leaves it unsound; the next group opens another.
  private var connection: Connection?
  /// Ran in the open transaction and stays in it, unless ``failed``.
  private var members: [Work] = []
  /// Failed alone, and is told so after the COMMIT: the error may rest on what other members wrote.
  private var failed: [(work: Work, error: any Error)] = []
  /// Taken and not yet run, last first.
  private var backlog: [Work] = []
  let counts = WriteCounts()

  init(path: String, options: DatabaseOptions, connection: Connection) {
    self.path = path
    self.options = options
    self.connection = connection
  }

  /// Pages in the WAL after the last commit.
  var walPages: Int { connection?.walPages ?? 0 }

  /// Runs everything that `source` gives until one group has committed and nothing taken is left.
  func drain(_ source: Source) {
    backlog = source(options.groupLimit).reversed()
    while !backlog.isEmpty { runGroup(source) }
  }

  /// Copies the WAL into the file, where no thread does.
  func checkpoint() {
    do {
      try connection?.checkpoint(SQLITE_CHECKPOINT_PASSIVE)
    } catch {
      if error.isFailedSync { options.onFatal(error) }
      abandon()
    }
  }

  func close() {
    connection = nil
  }

  private func runGroup(_ source: Source) {
    let connection: Connection
    do {
      connection = try current()
      try begin(connection)
    } catch {
      return refuseBacklog(error)
    }
    let end = ContinuousClock.now + options.groupTime
    while true {
      if backlog.isEmpty {
        backlog = source(options.groupLimit - members.count - failed.count).reversed()
      }
      guard let work = backlog.popLast() else { break }
      switch run(work, connection) {
      case .kept: members.append(work)
      case .undone(let error): failed.append((work, error))
      case .transactionEnded(let error): return runApart(from: work, error)
      }
      if ContinuousClock.now >= end { break }
    }
    commit(connection)
  }

  private enum Ran {
    case kept
    case undone(any Error)
    case transactionEnded(any Error)
  }

  /// The first one needs no savepoint: when it fails there is nothing else to keep.
  private func run(_ work: Work, _ connection: Connection) -> Ran {
    let isFirst = members.isEmpty
    do {
      if !isFirst { try connection.run("SAVEPOINT member") }
      connection.flags = 0
      try work.run(connection)
      guard !connection.isOutsideTransaction else { return .transactionEnded(connection.endedTransaction) }
      if !isFirst { try connection.run(SQL(named: "group.release-member", "RELEASE member")) }
      work.flags = connection.flags
      return .kept
    } catch {
      guard !connection.isOutsideTransaction else { return .transactionEnded(error) }
      do {
        if isFirst {
          try connection.run("ROLLBACK")
          try begin(connection)
        } else {
          try connection.run(SQL(named: "group.undo-member", "ROLLBACK TO member"))
          try connection.run(SQL(named: "group.release-member", "RELEASE member"))
        }
        return .undone(error)
      } catch _ {
        // Its own error is worth more than that of the clean-up, after which nothing is sure but a new connection.
        abandon()
        return .transactionEnded(error)
      }
    }
  }

  /// SQLite took back the whole transaction because of `culprit`. The others run again, each in a transaction of its
  /// own: on a full disk the next one may end it as well, and must not take the rest along every time.
  private func runApart(from culprit: Work, _ error: any Error) {
    counts.ended()
    culprit.fail(error)
    culprit.resume()
    let others = members + failed.map(\.work) + backlog.reversed()
    members = []
    failed = []
    backlog = []
    for work in others { runAlone(work) }
  }

  private func runAlone(_ work: Work) {
    do {
      let connection = try current()
      try begin(connection)
      switch run(work, connection) {
      case .kept:
        members = [work]
        commit(connection)
      case .undone(let error):
        try connection.run("ROLLBACK")
        throw error
      case .transactionEnded(let error):
        throw error
      }
    } catch {
      work.fail(error)
      work.resume()
    }
  }

  private func commit(_ connection: Connection) {
    guard !members.isEmpty else {
      if (try? connection.run("ROLLBACK")) == nil { abandon() }
      return finish(flags: 0)
    }
    do throws(SQLError) {
      _ = try connection.busy.retry { () throws(SQLError) in try connection.run("COMMIT") }
      counts.committed(members: members.count)
      if options.faults.hidesCommit?() == true {
        throw .outcomeUnknown(.init(path: path, message: "lost acknowledgement by a test"))
      }
      finish(flags: members.reduce(0) { $0 | $1.flags })
    } catch {
      commitFailed(error, connection)
    }
  }

  private func commitFailed(_ error: SQLError, _ connection: Connection) {
    if error.isFailedSync { options.onFatal(error) }
    let isUndone =
      (error.leavesCommitUndone || error.isBusy)
      && (connection.isOutsideTransaction || (try? connection.run("ROLLBACK")) != nil)
    let others = members.count + failed.count
    if isUndone, others > 1 {
      // Known to have written nothing, so they may run again; apart, since together they do not fit.
      let works = members + failed.map(\.work)
      members = []
      failed = []
      if error.isBusy { return works.forEach { refuse($0, error) } }
      return works.forEach { runAlone($0) }
    }
    let told = isUndone ? error : .outcomeUnknown(error.detail)
    if !isUndone { abandon() }
    // What may have taken place is told: a look too many costs little, work that nobody is woken for a poll.
    let flags = isUndone ? 0 : members.reduce(0) { $0 | $1.flags }
    for work in members { work.fail(told) }
    for work in failed.indices { failed[work].error = told }
    finish(flags: flags)
  }

  /// Tells everybody in the group.
  private func finish(flags: UInt64) {
    let members = members
    let failed = failed
    self.members.removeAll(keepingCapacity: true)
    self.failed.removeAll(keepingCapacity: true)
    if flags != 0 { options.onCommit(flags) }
    for work in members { work.resume() }
    for (work, error) in failed { refuse(work, error) }
  }

  private func refuse(_ work: Work, _ error: any Error) {
    work.fail(error)
    work.resume()
  }

  private func refuseBacklog(_ error: any Error) {
    let works = backlog.reversed()
    backlog = []
    for work in works { refuse(work, error) }
  }

  private func begin(_ connection: Connection) throws(SQLError) {
    do {
      try connection.run(Dialect.sqlite.beginWrite)
      try connection.syncName()
    } catch {
      if error.isFailedSync { options.onFatal(error) }
      // Whatever is wrong (a file replaced, a lost lock), a fresh connection is the better start next time.
      if !error.isBusy { abandon() }
      throw error
    }
  }

  private func current() throws(SQLError) -> Connection {
    if let connection { return connection }
    var reopening = options
    if reopening.mode == .create { reopening.mode = .existing }
    let opened = try Connection.open(path, reopening, as: .writer)
    connection = opened
    return opened
  }

  private func abandon() {
    connection = nil
  }
}
