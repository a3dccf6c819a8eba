/// One thing that happened to a job.
package struct JobEvent: Encodable, Hashable, Sendable {
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

  private enum Key: CodingKey { case at, event, actor, step, attempt, text, error }

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

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(at, forKey: .at)
    try values.encode(event, forKey: .event)
    try values.encodeIfPresent(actor, forKey: .actor)
    try values.encodeIfPresent(step, forKey: .step)
    try values.encodeIfPresent(attempt, forKey: .attempt)
    try values.encodeIfPresent(text, forKey: .text)
    try values.encodeIfPresent(error, forKey: .error)
  }
}
