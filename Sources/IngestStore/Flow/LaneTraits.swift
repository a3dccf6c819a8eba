import IngestCore
import IngestSQL

/// What gates the jobs of a lane besides its source, index, workflow and provider.
struct LaneTraits: Codable, Hashable {
  /// The values of the keys that are a job's own (`document`, `tenant`, `meta.NAME`) and that some limit counts by.
  var keys: [String: String]?
  /// The step at which its jobs are parked.
  var step: StepGates?
  /// The dependency at which its jobs are parked.
  var dependency: String?

  init() {}

  /// As the column `gates` has it.
  init(stored text: String) throws {
    self = text.isEmpty ? LaneTraits() : try JSONText.decode(LaneTraits.self, text)
  }

  var stored: String {
    get throws { keys == nil && step == nil && dependency == nil ? "" : try JSONText.encode(self) }
  }
}

/// A lane as a claim sees it.
struct LaneRow {
  var key: Int64
  var source: Int64
  var sourceName: String
  /// Nil, as ``index``, for the jobs that belong to no index.
  var generation: Int64?
  var index: String?
  /// The embedder's name.
  var provider: String
  /// '' in a lane from before lanes had one.
  var workflow: String
  var gates: String
  var base: Int64?
  var ready: Int

  static let columns: StaticString = """
    l.key, l.source_key, s.name, l.generation_key, i.name, g.spec ->> '$.embedder.name', l.workflow, l.gates, l.base_key, \
    l.ready
    """
  static let tables: StaticString = """
    lanes l JOIN sources s ON s.key = l.source_key LEFT JOIN generations g ON g.key = l.generation_key \
    LEFT JOIN indexes i ON i.key = g.index_key
    """

  init(_ row: borrowing Row) throws {
    key = row.int64(0)
    source = row.int64(1)
    sourceName = row.text(2)
    generation = row.optionalInt64(3)
    index = row.optionalText(4)
    provider = row.optionalText(5) ?? ""
    workflow = row.text(6)
    gates = row.text(7)
    base = row.optionalInt64(8)
    ready = row.int(9)
  }

  /// Whether the limit holds for the jobs of this lane. Jobs without an index are not counted by index or provider.
  func isCovered(by limit: Limit) -> Bool {
    let scope = limit.scope
    return (index != nil || limit.key != .index && limit.key != .provider)
      && (scope.source.isEmpty || scope.source == sourceName) && (scope.index.isEmpty || scope.index == index)
      && (scope.workflow.isEmpty || scope.workflow == workflow)
      && (scope.provider.isEmpty || scope.provider == provider)
  }

  /// The value of a limit's key for the jobs of this lane; nil where the lane was made before such a limit was.
  func value(of key: LimitKey, _ traits: LaneTraits) -> String? {
    switch key {
    case .source: sourceName
    case .index: index ?? ""
    case .workflow: workflow
    case .provider: provider
    case .tenant, .document, .meta: traits.keys?[key.description]
    }
  }
}

extension FlowRules {
  /// Everything that gates the start of a lane's next job; nil when the lane was made before some limit was, so that its
  /// jobs belong elsewhere.
  func gates(of lane: LaneRow, _ traits: LaneTraits) -> [Gate]? {
    guard !lane.workflow.isEmpty else { return nil }
    var gates: [Gate] = []
    if pausedWorkflows.contains(lane.workflow) {
      gates.append(Gate(name: "pause of workflow \(lane.workflow)", policy: .pause))
    }
    for limit in starts + (traits.step == nil ? [] : steps) where lane.isCovered(by: limit) {
      guard let value = lane.value(of: limit.key, traits) else { return nil }
      gates.append(Gate(limit, value: value))
    }
    if let step = traits.step { gates += step.gates }
    if let dependency = traits.dependency { gates.append(Gate(name: dependency, policy: .dependency)) }
    return gates
  }

  /// The job's own keys that some limit on starts counts by.
  var ownKeys: [LimitKey] {
    var keys: [LimitKey] = []
    for limit in starts + steps {
      switch limit.key {
      case .tenant, .document, .meta: if !keys.contains(limit.key) { keys.append(limit.key) }
      case .source, .index, .workflow, .provider: break
      }
    }
    return keys
  }
}

/// What of a job its own keys are read from.
struct JobTraits {
  var document: String
  var meta: [String: String]

  static let none = JobTraits(document: "", meta: [:])

  func value(of key: LimitKey) -> String {
    switch key {
    case .document: document
    case .tenant: meta["tenant"] ?? ""
    case .meta(let name): meta[name] ?? ""
    case .source, .index, .workflow, .provider: ""
    }
  }

  /// The values of these keys.
  func values(of keys: [LimitKey]) -> [String: String]? {
    keys.isEmpty ? nil : Dictionary(keys.map { ($0.description, value(of: $0)) }) { _, last in last }
  }
}
