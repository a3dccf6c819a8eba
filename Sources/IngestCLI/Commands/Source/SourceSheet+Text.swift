import IngestAPI
import IngestCore
import IngestOperations

/// The text that `source show` and `source set` print.
extension SourceSheet {
  func print(_ context: CommandContext, hasWorker: Bool) throws {
    let console = context.console
    try console.json(SourceResponse(self))
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

  static func table(_ limits: [LimitReport]) -> Table {
    var table = Table([
      .init("LIMIT"), .init("PER", yields: 2, minimum: 8), .init("COUNTS"), .init("AMOUNT", yields: 1, minimum: 10),
      .init("FREE", isNumber: true), .init("FROM", yields: 3, minimum: 6),
    ])
    for limit in limits {
      table.add([
        Table.Cell(limit.entry.id.kind.rawValue), Table.Cell(limit.per), Table.Cell(limit.entry.id.unit.rawValue),
        Table.Cell(limit.entry.limit?.amount.description ?? "none"),
        Table.Cell(limit.free.map { DecimalText.grouped($0) } ?? "-"),
        Table.Cell(limit.from),
      ])
    }
    return table
  }
}

extension LimitReport {
  /// `source`, or `meta.team, index docs` for a limit of one index only.
  fileprivate var per: String {
    let (id, scope) = (entry.id, entry.id.scope)
    let only = [("index", scope.index), ("workflow", scope.workflow), ("provider", scope.provider)]
    return ([id.key.description] + only.filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1)" }).joined(separator: ", ")
  }

  /// `file`, `live`, or `live (file: 30/m)`.
  fileprivate var from: String {
    switch entry.origin {
    case .configuration: "file"
    case .live: "live" + (configured.map { " (file: \($0))" } ?? "")
    }
  }
}
