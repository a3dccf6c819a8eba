/// The event that a waiting job waits for, in words for people.
package struct JobWait: Hashable, Sendable {
  package enum Kind: String, Sendable {
    /// The other jobs of its generation.
    case generation
    case signal
    case approval
    /// The child jobs that one of its steps made.
    case children
  }

  package var kind: Kind
  /// The signal's name, or the approval's step.
  package var name: String?
  /// When the wait times out.
  package var until: Timestamp?
  /// The action that ends the wait; nil if no person has to act.
  package var action: Action?

  package init(kind: Kind, name: String? = nil, until: Timestamp? = nil, action: Action? = nil) {
    self.kind = kind
    self.name = name
    self.until = until
    self.action = action
  }

  /// Makes the wait for a signal. A prefix of the stored name marks an approval.
  package init(signal: String, until: Timestamp?, job: String) {
    let approval = StepWait.approval("")
    if signal.hasPrefix(approval) {
      self.init(
        kind: .approval, name: String(signal.dropFirst(approval.count)), until: until,
        action: Action(.jobApprove, job))
    } else {
      self.init(kind: .signal, name: signal, until: until, action: Action(.jobSignal, job, signal))
    }
  }

  /// One sentence or two.
  package var sentence: Hint {
    let end: Hint = until.map { " The wait times out at \($0)." } ?? ""
    let send: Hint = action.map { " Send it with \($0)." } ?? ""
    switch kind {
    case .generation: return "It waits for the other jobs of its generation to end."
    case .children: return "It waits for its child jobs to end."
    case .signal: return "It waits for the signal '\(name ?? "")'." + send + end
    case .approval:
      return "It waits for somebody to approve step '\(name ?? "")'."
        + (action.map { " Answer with \($0), or \($0.adding("reject"))." } ?? "") + end
    }
  }
}

/// The child jobs of a job, summed up for people.
package struct ChildrenSummary: Hashable, Sendable {
  package struct Dead: Hashable, Sendable {
    package var job: String
    /// Its position among the children of its step, from 0.
    package var child: Int
    package var error: Failure

    package init(job: String, child: Int, error: Failure) {
      self.job = job
      self.child = child
      self.error = error
    }
  }

  package static let failuresShown = 5

  package var total: Int
  package var ended: Int
  package var completed: Int
  package var cancelled: Int
  package var dead: Int
  /// At most ``failuresShown``, ordered by position.
  package var failures: [Dead]

  package init(open: Int, completed: Int, cancelled: Int, dead: Int, failures: [Dead]) {
    ended = completed + cancelled + dead
    total = open + ended
    self.completed = completed
    self.cancelled = cancelled
    self.dead = dead
    self.failures = failures
  }
}
