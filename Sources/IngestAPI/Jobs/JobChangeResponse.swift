package import IngestCore
package import IngestOperations

/// The result of `job cancel` and `job retry` for one named job.
package struct JobChangeResponse: Codable, Hashable, Sendable {
  package var job: String
  package var state: JobState

  package init(_ change: JobsChanged.Change) {
    job = change.job.rawValue
    state = change.state
  }
}

/// The result of `job replay` for one named job.
package struct ReplayResponse: Codable, Hashable, Sendable {
  /// The new job.
  package var job: String
  package var replayOf: String
  /// The steps whose results it inherits.
  package var kept: [String]

  package init(job: String, replayOf: String, kept: [String]) {
    self.job = job
    self.replayOf = replayOf
    self.kept = kept
  }
}

/// The result of `job signal` and `job approve`.
package struct SignalResponse: Codable, Hashable, Sendable {
  package var job: String
  package var state: JobState
  /// The signal's name, or the approval's step.
  package var name: String
  /// Whether the job waited for the signal; otherwise the signal is kept.
  package var taken: Bool

  package init(job: JobID, _ receipt: SignalReceipt) {
    self.job = job.rawValue
    state = receipt.state
    name = receipt.name
    taken = receipt.taken
  }
}
