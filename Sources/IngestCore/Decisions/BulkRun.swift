/// The progress of a command over many jobs. It is a value, so that a transaction that runs again starts from the same
/// state.
package struct BulkRun: Sendable {
  package let action: JobAction
  package let startedAt: Timestamp
  package var report: BulkReport
  /// The reservations of the run; a dry run writes none to the database.
  package var taken = BulkReservations()
  /// Jobs whose lost chunks were redriven.
  package var chunksOf: Set<String> = []
  /// How many jobs start at the rate.
  private var paced = 0

  package init(action: JobAction, isDryRun: Bool, startedAt: Timestamp) {
    self.action = action
    self.startedAt = startedAt
    report = BulkReport(isDryRun: isDryRun)
  }

  /// Returns when the job of this decision is due; nil is now.
  package func nextDue(_ decision: BulkDecision) -> Timestamp? {
    guard case .redrive(let options) = action, let rate = options.rate, decision.plan != nil else { return nil }
    let wait = rate.delay(position: paced)
    return wait > .zero ? startedAt + wait : nil
  }

  package mutating func note(_ decision: BulkDecision, _ job: String, uri: String? = nil, chunk: DeadLetter? = nil) {
    let due = nextDue(decision)
    if decision.plan != nil { paced += 1 }
    var verdict = decision.verdict
    if chunk != nil, verdict == .replayed {
      verdict = .redriven
      chunksOf.insert(job)
    }
    report.add(
      BulkReport.Line(
        id: chunk?.id ?? job, uri: chunk?.uri ?? uri, verdict: verdict, dueAt: due, replay: decision.replay,
        kept: decision.plan?.steps.keptIDs, refusal: decision.refusal))
  }
}

extension JobAction {
  package var takesChunks: Bool {
    switch self {
    case .redrive, .purge: true
    case .cancel, .retry, .replay: false
    }
  }

  /// Returns the states that the action takes from the jobs that a filter selects.
  package func states(_ filter: JobFilter) -> [JobState] {
    let allowed: [JobState]
    var usual: [JobState]?
    switch self {
    case .cancel: allowed = [.queued, .running, .waiting]
    case .retry: allowed = [.queued]
    case .redrive, .purge: allowed = [.dead]
    case .replay: (allowed, usual) = ([.completed, .cancelled, .dead], [.completed])
    }
    guard let state = filter.state else { return usual ?? allowed }
    return allowed.contains(state) ? [state] : []
  }
}
