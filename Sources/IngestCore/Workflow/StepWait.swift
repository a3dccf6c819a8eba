/// What a step waits for. Its job holds no worker and no slot meanwhile; when the wait is over the step is run again, with
/// ``StepInput/wake`` saying what ended it.
package enum StepWait: Hashable, Sendable {
  /// Sleeps: the job is `queued`, `scheduled`, and the step is run again with its cursor and no wake.
  case until(Timestamp)
  /// For a signal of this name, or until then; nil waits for ever. One that was sent before is taken at once.
  case signal(String, until: Timestamp?)
  /// For every child job that it has made to end.
  case children

  /// What an approval's signal is called, so that no other signal passes for one.
  package static func approval(_ step: String) -> String { "approval:\(step)" }
}

/// What ended a wait.
package enum Wake: Codable, Hashable, Sendable {
  /// `data` is JSON.
  case signal(name: String, data: String, actor: String, sentAt: Timestamp)
  case timedOut
  case children(ChildrenReport)
}

/// How the child jobs of one job ended.
package struct ChildrenReport: Codable, Hashable, Sendable {
  package var completed: Int
  package var cancelled: Int
  package var dead: Int
  /// Of the dead ones, at most five, by their place.
  package var failures: [Failure]

  package var total: Int { completed + cancelled + dead }

  package init(completed: Int, cancelled: Int, dead: Int, failures: [Failure]) {
    self.completed = completed
    self.cancelled = cancelled
    self.dead = dead
    self.failures = failures
  }
}

/// A child job to be made by `foreach`.
package struct ChildJob: Hashable, Sendable {
  /// Its place among the children, from 0: made once, however often it is asked for.
  package var position: Int
  package var workflow: PinnedWorkflow
  /// JSON, as its steps are given it.
  package var task: String

  package init(position: Int, workflow: PinnedWorkflow, task: String) {
    self.position = position
    self.workflow = workflow
    self.task = task
  }
}

/// Children to be made, in the transaction that keeps the cursor.
package struct ChildBatch: Hashable, Sendable {
  /// A few dozen at most: nobody else writes meanwhile.
  package var jobs: [ChildJob]
  /// How many of all children run at once; nil for no bound of their own.
  package var parallel: Int?

  package init(jobs: [ChildJob], parallel: Int?) {
    self.jobs = jobs
    self.parallel = parallel
  }
}
