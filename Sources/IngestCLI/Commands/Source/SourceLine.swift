import IngestCore

/// A source as `--json` prints it; with `source show`, its limits in full.
struct SourceLine: Encodable {
  var source: String
  var weight: Double
  var paused: Bool
  var queued: Int
  var running: Int
  var waiting: Int
  var completed: Int
  var cancelled: Int
  var dead: Int
  var ready: Int
  var reason: String?
  var nextAt: Timestamp?
  var documents: Int?
  var limits: [LimitLine]
  var limitsTotal: Int?
  var allPaused: Bool?

  init(_ report: SourceReport) {
    source = report.source
    weight = report.weight
    paused = report.paused
    queued = report.queued
    running = report.running
    waiting = report.waiting
    completed = report.completed
    cancelled = report.cancelled
    dead = report.dead
    ready = report.ready
    reason = report.reason
    nextAt = report.nextAt
    documents = report.documents
    limits = report.limits.map(LimitLine.init)
  }

  init(_ report: SourceReport, limits: [LimitReport], pauses: PauseReport) {
    self.init(report)
    self.limits = limits.prefix(50).map(LimitLine.init)
    limitsTotal = limits.count
    allPaused = pauses.everything
  }
}

/// A limit as `--json` prints it.
struct LimitLine: Encodable {
  var kind: String
  var per: String
  var unit: String
  /// Missing where a live one lifts it.
  var spec: String?
  var origin: String
  var configured: String?
  var free: Int?
  var source: String?
  var index: String?
  var workflow: String?
  var provider: String?

  /// A limit among others in a list of sources: what it holds for is left out.
  init(_ limit: Limit) {
    kind = limit.id.kind.rawValue
    per = limit.key.description
    unit = limit.unit.rawValue
    spec = limit.amount.description
    origin = limit.origin.rawValue
  }

  init(_ report: LimitReport) {
    func said(_ text: String) -> String? { text.isEmpty ? nil : text }
    let id = report.entry.id
    kind = id.kind.rawValue
    per = id.key.description
    unit = id.unit.rawValue
    spec = report.entry.limit?.amount.description
    origin = report.entry.origin.rawValue
    configured = report.configured?.description
    free = report.free
    source = said(id.scope.source)
    index = said(id.scope.index)
    workflow = said(id.scope.workflow)
    provider = said(id.scope.provider)
  }
}
