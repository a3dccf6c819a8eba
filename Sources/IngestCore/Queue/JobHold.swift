/// The only obstacle to the start of a job.
package struct JobHold: Hashable, Sendable {
  /// The reason that people see.
  package var reason: QueuedReason
  /// The cause, worded to follow "It could start, but": `its source handbook is paused`.
  package var cause: String
  /// When the store checks the job again; nil when that depends on a person or on another job.
  package var until: Timestamp?

  package init(reason: QueuedReason, cause: String, until: Timestamp? = nil) {
    self.reason = reason
    self.cause = cause
    self.until = until
  }
}
