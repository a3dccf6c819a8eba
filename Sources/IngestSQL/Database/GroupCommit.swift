internal import CSQLite

/// The writing connection and its group commits: many bodies share one transaction. Confined to the writer's thread.
///
/// The rules (DESIGN, "The store at speed"): no body's caller gets an answer before the COMMIT; a body that fails rolls
/// back only its own changes; if SQLite ended the whole transaction because one body failed, the others run again
/// without it.
final class GroupCommit {
  /// Supplies more bodies while the group runs.
  typealias Source = (_ limit: Int) -> [Work]

  private let path: String
  private let options: DatabaseOptions
  /// Nil after a failure that leaves it unusable; the next group opens another.
  private var connection: Connection?
  /// The bodies that ran in the open transaction and stay in it.
  private var members: [Work] = []
  /// The bodies that failed alone. Their callers get the error after the COMMIT, since it may depend on what other
  /// members wrote.
  private var failed: [(work: Work, error: any Error)] = []
  /// The bodies that were taken and have not run yet, in reverse order.
  private var backlog: [Work] = []
  let counts = WriteCounts()

  init(path: String, options: DatabaseOptions, connection: Connection) {
    self.path = path
    self.options = options
    self.connection = connection
  }

  /// Pages in the WAL after the last commit.
  var walPages: Int { connection?.walPages ?? 0 }

  /// Runs the bodies that `source` supplies, until a group has committed and no taken body is left.
  func drain(_ source: Source) {
    backlog = source(options.groupLimit).reversed()
    while !backlog.isEmpty { runGroup(source) }
  }

  /// Copies the WAL into the file, for an access without a checkpoint thread.
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

  /// Runs one body. The first one needs no savepoint: if it fails, there are no other changes to keep.
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
        // Report the body's own error, not that of the clean-up. After a failed clean-up only a new connection is
        // reliable.
        abandon()
        return .transactionEnded(error)
      }
    }
  }

  /// Runs the other bodies again, after SQLite rolled back the whole transaction because of `culprit`. Each runs in its
  /// own transaction: on a full disk the next one may fail as well, and must not roll back the rest each time.
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
        throw .outcomeUnknown(.init(path: path, message: "acknowledgement withheld by a test"))
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
      // They have certainly written nothing, so they may run again; each alone, since together they do not fit on the
      // disk.
      let works = members + failed.map(\.work)
      members = []
      failed = []
      if error.isBusy { return works.forEach { refuse($0, error) } }
      return works.forEach { runAlone($0) }
    }
    let reported = isUndone ? error : .outcomeUnknown(error.detail)
    if !isUndone { abandon() }
    // The commit may have taken effect, so pass on its flags: a needless wake-up costs little, a missed one costs the
    // time until the next poll.
    let flags = isUndone ? 0 : members.reduce(0) { $0 | $1.flags }
    for work in members { work.fail(reported) }
    for work in failed.indices { failed[work].error = reported }
    finish(flags: flags)
  }

  /// Calls the commit hook and resumes the callers of all bodies in the group.
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
      // The file may have been replaced or a lock lost: the next group starts with a new connection.
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
