/// A condition that must be granted before a job, a step or a submit starts.
package struct Gate: Hashable, Sendable {
  package enum Policy: Hashable, Sendable {
    case limit(Limit.Amount)
    /// A breaker, and the hold that its dependency asked for.
    case dependency
    /// Only a person opens the gate.
    case pause
  }

  package var name: String
  package var policy: Policy
  /// Whether it gates every job of the source. Then it closes the source, not the lane.
  package var closesSource = false
  /// Whether its slot is released when the step ends.
  package var isOfStep = false

  package init(name: String, policy: Policy, isOfStep: Bool = false) {
    self.name = name
    self.policy = policy
    self.isOfStep = isOfStep
  }

  /// The stored name of the policy.
  package var kind: String {
    switch policy {
    case .limit(let amount): amount.kind.rawValue
    case .dependency: "dependency"
    case .pause: "pause"
    }
  }

  /// Whether running jobs count against it, once for each version of the rules, because they started before the limit
  /// was set. A step's own limit counts steps, and each step takes its slot itself.
  package var countsRunning: Bool {
    guard case .limit(.concurrency) = policy else { return false }
    return !isOfStep
  }

  /// The rate of its bucket; nil for a gate without one.
  package var rate: RateSpec? {
    switch policy {
    case .limit(.throttle(let rate)), .limit(.rateLimit(let rate)): rate
    case .limit(.concurrency), .dependency, .pause: nil
    }
  }
}

extension Gate {
  /// Makes the gate for one value of a limit's key.
  package init(_ limit: Limit, value: String) {
    self.init(name: limit.id.gate(value), policy: .limit(limit.amount))
    let scope = limit.scope
    closesSource = limit.key == .source && scope.index.isEmpty && scope.workflow.isEmpty && scope.provider.isEmpty
  }
}

extension Limit.ID {
  /// Returns the stored name of the gate for one value of the limit's key.
  package func gate(_ value: String) -> String { "\(self): \(value)" }
}

extension StepGates {
  /// The step's own limits, one gate each.
  package var gates: [Gate] {
    var gates: [Gate] = []
    if let throttle {
      gates.append(Gate(name: "throttle of step \(workflow)/\(step)", policy: .limit(.throttle(throttle))))
    }
    if let concurrency {
      let most = ConcurrencyLimit(clamping: concurrency)
      gates.append(
        Gate(name: "concurrency of step \(workflow)/\(step)", policy: .limit(.concurrency(most)), isOfStep: true))
    }
    return gates
  }
}
