/// What a step must be granted before it starts: the limits that its workflow sets for it.
package struct StepGates: Codable, Hashable, Sendable {
  /// The workflow and the step, as gates are named by them.
  package var workflow: String
  package var step: String
  package var throttle: RateSpec?
  package var concurrency: Int?

  package init(workflow: String, step: String, throttle: RateSpec? = nil, concurrency: Int? = nil) {
    self.workflow = workflow
    self.step = step
    self.throttle = throttle
    self.concurrency = concurrency
  }
}

/// The answer to a step that asks to start. All of its limits were taken, or none.
package enum Admission: Hashable, Sendable {
  /// It may start now; unused for ``grantLife`` it is void, and still counted.
  case granted
  /// Not before then; nil when somebody else's end decides.
  case wait(Duration?)

  package static let grantLife: Duration = .seconds(1)
}
