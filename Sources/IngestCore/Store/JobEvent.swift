/// One event in the life of a job.
package struct JobEvent: Hashable, Sendable {
  package var at: Timestamp
  /// One of the journal's kinds (`queued`, `claimed`, `completed`, …), `step-started`, `step-completed`,
  /// `attempt-failed` or `log`.
  package var event: String
  /// Who caused the event.
  package var actor: String?
  package var step: String?
  package var attempt: Int?
  /// Details: a line of a step's log, or the other job of a replay.
  package var text: String?
  package var error: Failure?
  /// Distinguishes the event from the job's other events; not shown.
  package var id: String

  package init(
    id: String, at: Timestamp, event: String, actor: String? = nil, step: String? = nil, attempt: Int? = nil,
    text: String? = nil, error: Failure? = nil
  ) {
    self.id = id
    self.at = at
    self.event = event
    self.actor = actor
    self.step = step
    self.attempt = attempt
    self.text = text
    self.error = error
  }
}
