/// An ended job, with the jobs that may still need it.
package struct EndedJob: Hashable, Sendable {
  /// A parent or replay of the job.
  package struct Relative: Hashable, Sendable {
    package var isOpen: Bool
    /// When it became a dead letter; nil if it is not one.
    package var diedAt: Timestamp?

    package init(isOpen: Bool, diedAt: Timestamp? = nil) {
      self.isOpen = isOpen
      self.diedAt = diedAt
    }
  }

  package var state: JobState
  package var finishedAt: Timestamp
  package var hasChildren: Bool
  package var parent: Relative?
  /// All jobs that repeat it: whether one is open, and when the last one became a dead letter.
  package var replays: Relative?
  package var holdsSlots: Bool
  /// Whether chunks that it lost are dead letters of their own.
  package var hasDeadChunks: Bool
  /// Whether its generation is being built or waits for its swap.
  package var isOfCandidate: Bool
  /// Whether its revision is still the wanted one of its document; true for a job without a document.
  package var isWanted: Bool

  package init(
    state: JobState, finishedAt: Timestamp, hasChildren: Bool = false, parent: Relative? = nil,
    replays: Relative? = nil, holdsSlots: Bool = false, hasDeadChunks: Bool = false, isOfCandidate: Bool = false,
    isWanted: Bool = true
  ) {
    self.state = state
    self.finishedAt = finishedAt
    self.hasChildren = hasChildren
    self.parent = parent
    self.replays = replays
    self.holdsSlots = holdsSlots
    self.hasDeadChunks = hasDeadChunks
    self.isOfCandidate = isOfCandidate
    self.isWanted = isWanted
  }
}

extension Retention {
  /// Returns whether a job may be removed: it ended long enough ago, and no other job needs it.
  package func mayGo(_ job: EndedJob, now: Timestamp) -> Bool {
    let deadBefore = cutoff(.dead, now: now)
    /// An open job continues from it. A dead letter may do so after a redrive, as long as it is kept.
    func needs(_ relative: EndedJob.Relative?) -> Bool {
      guard let relative else { return false }
      return relative.isOpen || relative.diedAt.map { died in deadBefore.map { died >= $0 } ?? true } ?? false
    }
    let hasLetters = job.hasDeadChunks && !(deadBefore.map { job.finishedAt < $0 } ?? false)
    // A swap lists the dead letters of its generation.
    let isListed = job.state == .dead && job.isOfCandidate && job.isWanted
    return prunes(
      job.state, endedAt: job.finishedAt,
      isNeeded: job.hasChildren || needs(job.parent) || needs(job.replays) || job.holdsSlots || hasLetters || isListed,
      now: now)
  }
}
