package import IngestCore

/// Retention: removes ended work after its time, unless something still needs it.
///
/// A reader finds candidates page by page. One transaction checks a slice of them again and removes it; it ends after
/// ``SlicePace/body``. A crash between slices leaves nothing half-done, and the next pass continues. Several processes
/// may run a pass at once; that costs only time.
extension Store {
  /// Runs one whole pass.
  /// - Throws: `CancellationError` between two slices.
  package func prune(_ retention: Retention) async throws -> PruneReport {
    var pass = PruningPass(store: self, retention: retention, now: clock.now)
    for state in [JobState.completed, .cancelled, .dead] { try await pass.pruneJobs(state) }
    try await pass.pruneKeys()
    try await pass.pruneJournal()
    try await pass.pruneLanes()
    try await pass.pruneGates()
    try await pass.shrink()
    return pass.report
  }
}

/// A pass in progress.
struct PruningPass {
  /// How many candidates one read returns.
  static let page = 512

  enum Removal {
    case gone
    /// Something still needs it.
    case kept
    /// Too large for one transaction: a part of it was removed, and the next slice continues with it.
    case partly
  }

  let store: Store
  let retention: Retention
  let now: Timestamp
  private var pace = SlicePace()
  private var counted = PruneReport()

  init(store: Store, retention: Retention, now: Timestamp) {
    self.store = store
    self.retention = retention
    self.now = now
  }

  var report: PruneReport {
    var report = counted
    report.slices = pace.slices
    report.longest = .microseconds(pace.longest)
    return report
  }

  /// Removes candidates, slice by slice.
  /// - Parameters:
  ///   - end: called in each slice's transaction with the number of removed candidates.
  mutating func remove<Candidate: Sendable>(
    _ candidates: [Candidate], counting field: WritableKeyPath<PruneReport, Int>,
    end: @escaping @Sendable (WriteTransaction, Int) throws -> Void = { _, _ in },
    _ remove: @escaping @Sendable (WriteTransaction, Candidate) throws -> Removal
  ) async throws {
    var rest = candidates[...]
    while !rest.isEmpty {
      let slice = Array(rest.prefix(pace.rows))
      let (done, gone) = try await self.slice { transaction, isOver in
        var done = 0
        var gone = 0
        for candidate in slice {
          let removal = try remove(transaction, candidate)
          if removal == .partly { break }
          done += 1
          if removal == .gone { gone += 1 }
          if isOver() { break }
        }
        if gone > 0 { try end(transaction, gone) }
        return (done, gone)
      }
      rest = rest.dropFirst(done)
      counted[keyPath: field] += gone
    }
  }

  /// Runs one transaction. `isOver` returns true when its body has to stop.
  mutating func slice<T: Sendable>(
    _ body: @escaping @Sendable (WriteTransaction, _ isOver: () -> Bool) throws -> T
  ) async throws -> T {
    try Task.checkCancellation()
    let clock = store.clock
    let (begun, result) = try await store.write { transaction in
      let begun = clock.uptime
      return (begun, try body(transaction) { clock.uptime - begun >= SlicePace.body })
    }
    pace.note(clock.uptime - begun)
    return result
  }

  mutating func count(_ pages: Int) { counted.pages += pages }
}
