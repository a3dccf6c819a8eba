/// The part of a lane's key besides source, index, workflow and provider: further values that gate its jobs.
package struct LaneKey: Codable, Hashable, Sendable {
  /// The values of those keys that belong to a job (`document`, `tenant`, `meta.NAME`) and that some limit counts by.
  package var keys: [String: String]?
  /// The step at which its jobs are parked.
  package var step: StepGates?
  /// The dependency at which its jobs are parked.
  package var dependency: String?

  package init() {}

  package var isEmpty: Bool { keys == nil && step == nil && dependency == nil }
}

/// The data from which a job's own key values are read.
package struct JobTraits: Hashable, Sendable {
  package var document: String
  package var meta: [String: String]

  /// The traits of a job without a document: all values are empty.
  package static let none = JobTraits(document: "", meta: [:])

  package init(document: String, meta: [String: String]) {
    self.document = document
    self.meta = meta
  }

  package func value(of key: LimitKey) -> String {
    switch key {
    case .document: document
    case .tenant: meta["tenant"] ?? ""
    case .meta(let name): meta[name] ?? ""
    case .source, .index, .workflow, .provider: ""
    }
  }

  /// Returns the values of these keys; nil if there are no keys.
  package func values(of keys: [LimitKey]) -> [String: String]? {
    keys.isEmpty ? nil : Dictionary(keys.map { ($0.description, value(of: $0)) }) { _, last in last }
  }
}

/// The names that all jobs of a lane share.
package struct LanePlace: Hashable, Sendable {
  package var source: String
  /// Nil for jobs that belong to no index.
  package var index: String?
  /// Empty in a lane that was made before lanes had a workflow.
  package var workflow: String
  /// The embedder's name.
  package var provider: String

  package init(source: String, index: String?, workflow: String, provider: String) {
    self.source = source
    self.index = index
    self.workflow = workflow
    self.provider = provider
  }

  /// Returns whether the limit applies to the jobs of the lane. Jobs without an index have a source and a workflow, and
  /// no other key.
  package func isCovered(by limit: Limit.ID) -> Bool {
    let scope = limit.scope
    return (index != nil || limit.key == .source || limit.key == .workflow)
      && (scope.source.isEmpty || scope.source == source) && (scope.index.isEmpty || scope.index == index)
      && (scope.workflow.isEmpty || scope.workflow == workflow)
      && (scope.provider.isEmpty || scope.provider == provider)
  }

  /// Returns the value of a limit's key for the jobs of the lane; nil if the lane was made before such a limit.
  package func value(of key: LimitKey, _ traits: LaneKey) -> String? {
    switch key {
    case .source: source
    case .index: index ?? ""
    case .workflow: workflow
    case .provider: provider
    case .tenant, .document, .meta: traits.keys?[key.description]
    }
  }
}
