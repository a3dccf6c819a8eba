/// The event that a step waits for. Meanwhile its job occupies no worker and no slot. After the wait the step runs
/// again, with the event in ``StepInput/wake``.
package enum StepWait: Hashable, Sendable {
  /// Sleeps until then. The job is `queued`, reason `scheduled`, and the step runs again with its cursor and no wake.
  case until(Timestamp)
  /// Waits for a signal of this name, or until then; nil waits for ever. A signal that was sent before is taken at
  /// once.
  case signal(String, until: Timestamp?)
  /// Waits until every child job that it made has ended.
  case children

  /// Returns the signal name of an approval. No other signal can have it.
  package static func approval(_ step: String) -> String { "approval:\(step)" }
}

/// The event that ended a wait.
package enum Wake: Codable, Hashable, Sendable {
  /// `data` is JSON.
  case signal(name: String, data: String, actor: String, sentAt: Timestamp)
  case timedOut
  case children(ChildrenReport)
}

/// The outcomes of the child jobs of one job.
package struct ChildrenReport: Codable, Hashable, Sendable {
  package var completed: Int
  package var cancelled: Int
  package var dead: Int
  /// The errors of dead children: at most five, ordered by position.
  package var failures: [Failure]

  package var total: Int { completed + cancelled + dead }

  package init(completed: Int, cancelled: Int, dead: Int, failures: [Failure]) {
    self.completed = completed
    self.cancelled = cancelled
    self.dead = dead
    self.failures = failures
  }
}

/// A child job for `foreach` to make.
package struct ChildJob: Hashable, Sendable {
  /// Its position among the children, from 0. A child is made once, however often the step asks for it.
  package var position: Int
  package var workflow: PinnedWorkflow
  /// JSON that its steps receive.
  package var task: String

  package init(position: Int, workflow: PinnedWorkflow, task: String) {
    self.position = position
    self.workflow = workflow
    self.task = task
  }
}

/// Child jobs to make in the transaction that stores the cursor.
package struct ChildBatch: Hashable, Sendable {
  /// A few dozen at most, because no other process can write meanwhile.
  package var jobs: [ChildJob]
  /// How many of all children run at once; nil for no limit of their own.
  package var parallel: Int?

  package init(jobs: [ChildJob], parallel: Int?) {
    self.jobs = jobs
    self.parallel = parallel
  }
}
