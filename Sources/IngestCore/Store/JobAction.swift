/// An action that an operator takes on many jobs at once.
package enum JobAction: Sendable {
  /// On jobs that have not ended: ends those that do not run, asks the others to stop.
  case cancel
  /// On queued jobs: makes them due now.
  case retry
  /// On dead letters: lets them continue from the failed step.
  case redrive(RedriveOptions)
  /// On finished jobs, or on completed ones where the filter names no state: makes a new job for each.
  case replay(ReplayOptions)
  /// On dead letters: deletes them for good.
  case purge
}

/// How dead letters continue.
package struct RedriveOptions: Sendable {
  /// How fast they start again, counted from now; nil starts all of them now.
  package var rate: RateSpec?
  /// Whether they start from the first step, not from the one that failed.
  package var fromStart: Bool
  /// The newest workflow versions by name, to continue with; nil keeps the version of each job. Checkpoints stay for
  /// the leading steps that are the same in both versions.
  package var latest: [String: PinnedWorkflow]?

  package init(rate: RateSpec? = nil, fromStart: Bool = false, latest: [String: PinnedWorkflow]? = nil) {
    self.rate = rate
    self.fromStart = fromStart
    self.latest = latest
  }
}

/// How finished jobs run again.
package struct ReplayOptions: Sendable {
  /// The step to begin with; nil is the first step. The new job inherits the checkpoints before it.
  package var from: String?
  /// The newest workflow versions, as in ``RedriveOptions/latest``.
  package var latest: [String: PinnedWorkflow]?

  package init(from: String? = nil, latest: [String: PinnedWorkflow]? = nil) {
    self.from = from
    self.latest = latest
  }
}

/// The result of a ``JobAction`` for one job; in a dry run, the result that it would have.
package enum JobVerdict: String, Codable, Sendable, CaseIterable {
  case cancelled
  /// The job runs, and was asked to stop.
  case stopping
  /// The job is due now.
  case due
  case redriven
  /// A newer revision of its document makes the job unnecessary.
  case superseded
  case replayed
  case purged
  /// Nothing was changed; ``BulkReport/Line/refusal`` says why.
  case refused
}

/// The results of a ``JobAction`` for many jobs; in a dry run, the results that it would have.
package struct BulkReport: Sendable {
  package struct Line: Sendable {
    /// The id of the job or of the dead letter.
    package var id: String
    package var uri: String?
    package var verdict: JobVerdict
    /// When the job starts, if later than now.
    package var dueAt: Timestamp?
    /// The new job of a replay; nil in a dry run.
    package var replay: String?
    /// The steps whose checkpoints are kept or inherited.
    package var kept: [String]?
    package var refusal: Failure?

    package init(
      id: String, uri: String?, verdict: JobVerdict, dueAt: Timestamp? = nil, replay: String? = nil,
      kept: [String]? = nil, refusal: Failure? = nil
    ) {
      self.id = id
      self.uri = uri
      self.verdict = verdict
      self.dueAt = dueAt
      self.replay = replay
      self.kept = kept
      self.refusal = refusal
    }
  }

  /// The largest number of lines kept for each verdict, so that a report on a million jobs is as small as one on fifty.
  package static let kept = 50

  package let isDryRun: Bool
  package private(set) var counts: [JobVerdict: Int] = [:]
  package private(set) var lines: [Line] = []
  /// When the last job starts, where jobs start at a rate.
  package private(set) var lastDueAt: Timestamp?

  package init(isDryRun: Bool) { self.isDryRun = isDryRun }

  package var total: Int { counts.values.reduce(0, +) }

  package func count(_ verdict: JobVerdict) -> Int { counts[verdict] ?? 0 }

  package func lines(_ verdict: JobVerdict) -> [Line] { lines.filter { $0.verdict == verdict } }

  package mutating func add(_ line: Line) {
    let count = count(line.verdict) + 1
    counts[line.verdict] = count
    if count <= Self.kept { lines.append(line) }
    if let due = line.dueAt { lastDueAt = max(lastDueAt ?? due, due) }
  }
}
