import IngestApp
import IngestCore
import IngestOperations
import IngestStore

/// A source with all that limits it, as `source show` and `source set` tell it.
struct SourceSheet {
  let report: SourceReport
  let limits: [SourceLimit]
  let pauses: PauseReport
  let hasWorker: Bool

  static func read(_ name: String, _ installation: Installation, as actor: Actor) async throws -> SourceSheet {
    SourceSheet(
      report: try await installation.operations(as: actor).source(name),
      limits: try await installation.store.limits(ofSource: name), pauses: try await installation.store.pauses(),
      hasWorker: try await installation.store.status().workers.contains(where: \.isAlive))
  }

  func print(_ context: CommandContext) throws {
    let console = context.console
    try console.json(Line(sheet: self))
    try console.line("source \(report.source)", .heading)
    func field(_ name: String, _ value: String) throws { try console.line("  " + name.padded(to: 10) + value) }
    try field("weight", SourceText.weight(report.weight))
    try field(
      "jobs",
      [
        (report.queued, "queued"), (report.running, "running"), (report.waiting, "waiting"),
        (report.completed, "completed"), (report.cancelled, "cancelled"), (report.dead, "dead"),
      ].map { "\(DecimalText.grouped($0.0)) \($0.1)" }.joined(separator: ", "))
    let why = SourceText.explanation(report, pauses: pauses, hasWorker: hasWorker, now: context.clock.now)
    let isHeld = report.paused || report.reason != nil
    for line in Excerpt.lines(why, width: JobSheet.width(console), most: 10) {
      try isHeld ? console.line(line, .warning) : console.line(line)
    }
    try console.line()
    if limits.isEmpty { return try console.line("no limits") }
    try console.table(Self.table(limits))
  }

  static func table(_ limits: [SourceLimit]) -> Table {
    var table = Table([
      .init("LIMIT"), .init("PER", yields: 2, minimum: 8), .init("COUNTS"), .init("AMOUNT", yields: 1, minimum: 10),
      .init("FREE", isNumber: true), .init("FROM", yields: 3, minimum: 6),
    ])
    for limit in limits {
      table.add([
        Table.Cell(limit.rule.kind.rawValue), Table.Cell(limit.per), Table.Cell(limit.rule.unit.rawValue),
        Table.Cell(limit.rule.spec ?? "none"), Table.Cell(limit.free.map { DecimalText.grouped($0) } ?? "-"),
        Table.Cell(limit.from),
      ])
    }
    return table
  }

  /// What `--json` prints: the report, with its limits in full.
  private struct Line: Encodable {
    var sheet: SourceSheet

    private enum Key: CodingKey { case limits, limitsTotal, allPaused }

    func encode(to encoder: any Encoder) throws {
      try sheet.report.encode(to: encoder)
      var values = encoder.container(keyedBy: Key.self)
      try values.encode(sheet.pauses.everything, forKey: .allPaused)
      try values.encode(sheet.limits.prefix(50).map(LimitLine.init), forKey: .limits)
      try values.encode(sheet.limits.count, forKey: .limitsTotal)
    }
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

  init(_ limit: SourceLimit) {
    let rule = limit.rule
    func said(_ text: String) -> String? { text.isEmpty ? nil : text }
    kind = rule.kind.rawValue
    per = rule.key.description
    unit = rule.unit.rawValue
    spec = rule.spec
    origin = rule.origin.rawValue
    configured = limit.configured
    free = limit.free
    source = said(rule.scope.source)
    index = said(rule.scope.index)
    workflow = said(rule.scope.workflow)
    provider = said(rule.scope.provider)
  }
}

extension SourceLimit {
  /// `source`, or `meta.team, index docs` where it holds for one index only.
  fileprivate var per: String {
    let scope = rule.scope
    let only = [("index", scope.index), ("workflow", scope.workflow), ("provider", scope.provider)]
    return ([rule.key.description] + only.filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1)" }).joined(separator: ", ")
  }

  /// `file`, `live`, or `live (file: 30/m)`.
  fileprivate var from: String {
    switch rule.origin {
    case .configuration: "file"
    case .live: "live" + (configured.map { " (file: \($0))" } ?? "")
    }
  }
}
