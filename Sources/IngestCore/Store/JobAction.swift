/// What an operator does to many jobs alike.
package enum JobAction: Sendable {
  /// Open jobs: ends those that do not run, asks the others to stop.
  case cancel
  /// Queued jobs: due now.
  case retry
  /// Dead letters: they go on.
  case redrive(RedriveOptions)
  /// Finished jobs, the completed ones where no state is named: a new job each.
  case replay(ReplayOptions)
  /// Dead letters: forgotten for good.
  case purge
}

/// How dead letters go on.
package struct RedriveOptions: Sendable {
  /// How fast they start again, counted from now; nil is at once.
  package var rate: RateSpec?
  /// From the first step rather than from the one that failed.
  package var fromStart: Bool
  /// The newest versions by name, to go on with; nil keeps the version of each. Checkpoints stay for the leading steps that
  /// are the same in both.
  package var latest: [String: PinnedWorkflow]?

  package init(rate: RateSpec? = nil, fromStart: Bool = false, latest: [String: PinnedWorkflow]? = nil) {
    self.rate = rate
    self.fromStart = fromStart
    self.latest = latest
  }
}

/// From where finished jobs run again.
package struct ReplayOptions: Sendable {
  /// The step to begin with: the checkpoints before it are inherited. Nil is the first step.
  package var from: String?
  /// As in ``RedriveOptions/latest``.
  package var latest: [String: PinnedWorkflow]?

  package init(from: String? = nil, latest: [String: PinnedWorkflow]? = nil) {
    self.from = from
    self.latest = latest
  }
}

/// What became, or would become, of one job.
package enum JobVerdict: String, Codable, Sendable, CaseIterable {
  case cancelled
  /// It runs, and was asked to stop.
  case stopping
  /// Due now.
  case due
  case redriven
  /// A newer revision of its document makes it needless.
  case superseded
  case replayed
  case purged
  /// Nothing was done; the refusal says why.
  case refused
}

/// What many jobs became, or would become.
package struct BulkReport: Sendable {
  package struct Line: Sendable {
    /// The job, or the dead letter.
    package var id: String
    package var uri: String?
    package var verdict: JobVerdict
    /// When it starts, where that is later than now.
    package var dueAt: Timestamp?
    /// The new job of a replay; nil in a dry run.
    package var replay: String?
    /// The steps whose checkpoints stay or are inherited.
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

  /// Lines that are kept of each verdict: a report of a million jobs is as small as one of fifty.
  package static let kept = 50

  package let isDryRun: Bool
  package private(set) var counts: [JobVerdict: Int] = [:]
  package private(set) var lines: [Line] = []
  /// When the last of them starts, where they start at a rate.
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
