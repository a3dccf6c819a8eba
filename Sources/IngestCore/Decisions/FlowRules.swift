/// The limits and pauses in force, as one version of the rules has them.
package struct FlowRules: Sendable {
  package var version: Int64
  package var isPaused: Bool
  package var pausedWorkflows: Set<String>
  /// Limits on the start of a job.
  package private(set) var starts: [Limit] = []
  /// Limits on the start of each step.
  package private(set) var steps: [Limit] = []
  /// Limits on a submit.
  package private(set) var submits: [Limit] = []
  /// Limits on a call to a provider.
  package private(set) var calls: [Limit] = []

  /// - Parameter limits: the limits in force, in the order in which a start asks them.
  package init(version: Int64 = 0, isPaused: Bool = false, pausedWorkflows: Set<String> = [], limits: [Limit] = []) {
    self.version = version
    self.isPaused = isPaused
    self.pausedWorkflows = pausedWorkflows
    for limit in limits {
      switch limit.amount {
      case .concurrency: starts.append(limit)
      case .rateLimit: submits.append(limit)
      case .throttle:
        switch limit.unit {
        case .jobs: starts.append(limit)
        case .steps: steps.append(limit)
        case .requests, .tokens: calls.append(limit)
        }
      }
    }
  }

  /// The keys of the jobs' own that some limit on starts counts by, each once. A lane is made for the values of these.
  package var ownKeys: [LimitKey] {
    var keys: [LimitKey] = []
    for limit in starts + steps {
      switch limit.key {
      case .tenant, .document, .meta: if !keys.contains(limit.key) { keys.append(limit.key) }
      case .source, .index, .workflow, .provider: break
      }
    }
    return keys
  }

  /// Returns everything that gates the start of a lane's next job.
  ///
  /// Nil for a lane that was made before some limit was: it lacks a value that the limit counts by, so its jobs belong to
  /// other lanes.
  package func gates(of place: LanePlace, _ traits: LaneKey) -> [Gate]? {
    guard !place.workflow.isEmpty else { return nil }
    var gates: [Gate] = []
    if pausedWorkflows.contains(place.workflow) {
      gates.append(Gate(name: "pause of workflow \(place.workflow)", policy: .pause))
    }
    for limit in starts + (traits.step == nil ? [] : steps) where place.isCovered(by: limit.id) {
      guard let value = place.value(of: limit.key, traits) else { return nil }
      gates.append(Gate(limit, value: value))
    }
    if let step = traits.step { gates += step.gates }
    if let dependency = traits.dependency { gates.append(Gate(name: dependency, policy: .dependency)) }
    return gates
  }

  /// Returns the limits that count the starts of all steps, and then the step's own.
  ///
  /// Nil if the lane lacks a value that a limit counts by: ask again with the values of the job itself.
  package func gates(ofStep step: StepGates, in place: LanePlace, _ traits: LaneKey) -> [Gate]? {
    var gates: [Gate] = []
    for limit in steps where place.isCovered(by: limit.id) {
      guard let value = place.value(of: limit.key, traits) else { return nil }
      gates.append(Gate(limit, value: value))
    }
    return gates + step.gates
  }

  /// Returns the rate limits that count a submit or the start of a workflow.
  package func gates(of work: RatedWork) -> [Gate] {
    submits.compactMap { limit in
      guard work.isIn(limit.scope), let value = work.value(of: limit.key) else { return nil }
      return Gate(limit, value: value)
    }
  }
}
