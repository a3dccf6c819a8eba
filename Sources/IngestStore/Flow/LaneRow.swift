import IngestCore
import IngestSQL

extension LaneKey {
  /// As the column `gates` has it.
  init(stored text: String) throws {
    self = text.isEmpty ? LaneKey() : try JSONText.decode(LaneKey.self, text)
  }

  var stored: String {
    get throws { isEmpty ? "" : try JSONText.encode(self) }
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

  var place: LanePlace { LanePlace(source: sourceName, index: index, workflow: workflow, provider: provider) }
}

extension FlowRules {
  /// Everything that gates the start of a lane's next job; nil when the lane was made before some limit was, so that its
  /// jobs belong elsewhere.
  func gates(of lane: LaneRow, _ traits: LaneKey) -> [Gate]? {
    guard !lane.workflow.isEmpty else { return nil }
    var gates: [Gate] = []
    if pausedWorkflows.contains(lane.workflow) {
      gates.append(Gate(name: "pause of workflow \(lane.workflow)", policy: .pause))
    }
    let place = lane.place
    for limit in starts + (traits.step == nil ? [] : steps) where place.isCovered(by: limit.id) {
      guard let value = place.value(of: limit.key, traits) else { return nil }
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
