import IngestCore
import IngestSQL
import Synchronization

/// The limits and pauses in force, as one version of the database has them.
struct FlowRules: Sendable {
  /// Of ``LimitRule``, with its text understood.
  struct Limit: Sendable {
    enum Measure: Sendable {
      case rate(RateSpec)
      case atOnce(Int)
    }

    var rule: LimitRule
    var measure: Measure
  }

  var version: Int64 = 0
  var isPaused = false
  var pausedWorkflows: Set<String> = []
  /// Those that gate the start of a job.
  var starts: [Limit] = []
  /// Those that gate the start of each step.
  var steps: [Limit] = []
  /// Those that gate a submit.
  var submits: [Limit] = []
  /// Those that gate a call to a provider.
  var calls: [Limit] = []

  /// Whether no job's start depends on anything here.
  var isFree: Bool { starts.isEmpty && pausedWorkflows.isEmpty }

  init() {}

  init(_ db: Connection, version: Int64, isPaused: Bool) throws {
    self.version = version
    self.isPaused = isPaused
    pausedWorkflows = Set(try db.rows("SELECT workflow FROM paused_workflows") { $0.text(0) })
    for rule in Self.effective(try Self.stored(db)) {
      guard let spec = rule.spec else { continue }
      switch rule.kind {
      case .concurrency:
        guard let most = Int(spec) else { throw Failure.damaged("a stored concurrency limit is '\(spec)'") }
        starts.append(Limit(rule: rule, measure: .atOnce(most)))
      case .rateLimit:
        submits.append(Limit(rule: rule, measure: .rate(try RateSpec(spec))))
      case .throttle:
        let limit = Limit(rule: rule, measure: .rate(try RateSpec(spec)))
        switch rule.unit {
        case .jobs: starts.append(limit)
        case .steps: steps.append(limit)
        case .requests, .tokens: calls.append(limit)
        }
      }
    }
  }

  static func stored(_ db: Connection) throws -> [LimitRule] {
    try db.rows(
      """
      SELECT kind, per, unit, source, index_name, workflow, provider, spec, origin FROM limits
      ORDER BY kind, per, unit, source, index_name, workflow, provider, origin
      """
    ) { row in
      guard let kind = LimitRule.Kind(rawValue: row.text(0)), let unit = Throttle.Unit(rawValue: row.text(2)),
        let origin = LimitRule.Origin(rawValue: row.text(8))
      else { throw Failure.damaged("a stored limit is of kind '\(row.text(0))', unit '\(row.text(2))'") }
      return LimitRule(
        kind: kind, key: try LimitKey(row.text(1)), unit: unit,
        scope: .init(source: row.text(3), index: row.text(4), workflow: row.text(5), provider: row.text(6)),
        spec: row.optionalText(7), origin: origin)
    }
  }

  /// A live limit hides the configured one of the same identity.
  static func effective(_ rules: [LimitRule]) -> [LimitRule] {
    let live = Set(rules.filter { $0.origin == .live }.map(\.name))
    return rules.filter { $0.origin == .live || !live.contains($0.name) }
  }
}

/// The rules that this process read last: a transition asks for the version, and reads them anew when it is another.
final class FlowCache: Sendable {
  private let rules = Mutex(FlowRules())
  private let notedBoot = Mutex(false)

  var hasNotedBoot: Bool { notedBoot.withLock { $0 } }
  func noteBoot() { notedBoot.withLock { $0 = true } }
  var last: FlowRules { rules.withLock { $0 } }
  func keep(_ new: FlowRules) { rules.withLock { $0 = new } }
}

extension Transition {
  /// The limits and pauses in force.
  func rules() throws -> FlowRules {
    let stored = try db.first("SELECT version, paused FROM flow") { ($0.int64(0), $0.bool(1)) }
    guard let (version, isPaused) = stored else { throw Failure.damaged("the table flow is empty") }
    let known = flow.last
    if known.version == version { return known }
    let fresh = try FlowRules(db, version: version, isPaused: isPaused)
    flow.keep(fresh)
    return fresh
  }

  /// Makes every process read the rules anew and look again at what is closed. The version is a time, so that one that was
  /// rolled back does not come again with other rules.
  func changeRules() throws {
    _ = try db.run("UPDATE flow SET version = max(version + 1, \(now.rawValue))")
    db.flag(CommitFlag.wake)
  }
}

extension LimitRule {
  /// Names the limit, whatever its amount is.
  var name: String {
    let parts = [
      scope.source.isEmpty || key == .source ? nil : "source \(scope.source)",
      scope.index.isEmpty || key == .index ? nil : "index \(scope.index)",
      scope.workflow.isEmpty || key == .workflow ? nil : "workflow \(scope.workflow)",
      scope.provider.isEmpty || key == .provider ? nil : "provider \(scope.provider)",
    ].compactMap(\.self)
    let only =
      switch key {
      case .source: scope.source
      case .index: scope.index
      case .workflow: scope.workflow
      case .provider: scope.provider
      case .tenant, .document, .meta: ""
      }
    return "\(kind.rawValue)\(unit == .jobs ? "" : " of \(unit.rawValue)") per \(key)"
      + (only.isEmpty ? "" : " \(only)") + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
  }

  /// The gate of one value of its key.
  func gate(_ value: String) -> String { "\(name): \(value)" }
}
