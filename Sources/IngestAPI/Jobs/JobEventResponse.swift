package import IngestCore

/// One event of a job, as `job logs` prints it.
package struct JobEventResponse: Codable, Hashable, Sendable {
  package var at: Timestamp
  package var event: String
  package var actor: String?
  package var step: String?
  package var attempt: Int?
  package var text: String?
  package var error: ErrorBody?

  package init(_ event: JobEvent) {
    at = event.at
    self.event = event.event
    actor = event.actor
    step = event.step
    attempt = event.attempt
    text = event.text
    error = event.error.map(ErrorBody.init)
  }
}
