/// The limits that a workflow sets for the start of one of its steps.
package struct StepGates: Codable, Hashable, Sendable {
  /// The workflow and the step, which together name the gates.
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

/// The store's answer to a step that asks to start. The step gets all of its limits or none.
package enum Admission: Hashable, Sendable {
  /// The step may start now. A grant that is not used within ``grantLife`` is void, and still counts.
  case granted
  /// The step may start after this time at the earliest; nil if it must wait for another job or step to end.
  case wait(Duration?)

  package static let grantLife: Duration = .seconds(1)
}
