/// Something that has to be granted before a job, a step or a submit starts.
package struct Gate: Hashable, Sendable {
  package enum Policy: Hashable, Sendable {
    case rate(RateSpec)
    case atOnce(Int)
    /// A breaker and what its dependency said.
    case dependency
    /// Only a person opens it.
    case pause
  }

  package var name: String
  package var policy: Policy
  /// Whether it gates every job of the source: then the source is closed, not the lane.
  package var closesSource = false
  /// Whether its slot is given back when the step ends.
  package var isOfStep = false
  /// Whether it gates submits, which it refuses rather than delays.
  package var refuses = false

  package init(name: String, policy: Policy, isOfStep: Bool = false) {
    self.name = name
    self.policy = policy
    self.isOfStep = isOfStep
  }

  /// As a store keeps it.
  package var kind: String {
    switch policy {
    case .rate: refuses ? "rate-limit" : "throttle"
    case .atOnce: "concurrency"
    case .dependency: "dependency"
    case .pause: "pause"
    }
  }

  /// Whether jobs that already run count against it, once for each version of the rules: they started before the limit was
  /// set. A step's own limit counts steps, and a step takes its slot itself.
  package var countsRunning: Bool {
    guard case .atOnce = policy else { return false }
    return !isOfStep
  }
}

extension StepGates {
  /// The step's own limits, one gate each.
  package var gates: [Gate] {
    var gates: [Gate] = []
    if let throttle { gates.append(Gate(name: "throttle of step \(workflow)/\(step)", policy: .rate(throttle))) }
    if let concurrency {
      gates.append(Gate(name: "concurrency of step \(workflow)/\(step)", policy: .atOnce(concurrency), isOfStep: true))
    }
    return gates
  }
}
