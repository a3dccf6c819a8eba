/// One thing that happened to a job.
package struct JobEvent: Hashable, Sendable {
  package var at: Timestamp
  /// `queued`, `claimed`, `completed`, the journal's kinds; `step-started`, `step-completed`, `attempt-failed`, `log`.
  package var event: String
  /// Who made it.
  package var actor: String?
  package var step: String?
  package var attempt: Int?
  /// What the event is about: a line of a step's log, the other job of a replay.
  package var text: String?
  package var error: Failure?
  /// Tells it from the job's other events; not shown.
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
