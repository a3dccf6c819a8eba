/// What keeps a job from starting that could start otherwise.
package struct JobHold: Hashable, Sendable {
  /// As people see it.
  package var reason: QueuedReason
  /// What it is, put after "It waits for" or "because": `the limit throttle 60/m per source`, `its source is paused`.
  package var cause: String
  /// When it is looked at again; nil when somebody's act or another job's end decides.
  package var until: Timestamp?

  package init(reason: QueuedReason, cause: String, until: Timestamp? = nil) {
    self.reason = reason
    self.cause = cause
    self.until = until
  }
}
