import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd status`.
package enum StatusCommand: Command {
  package static let spec = CommandSpec(
    "status", "Show jobs by state, sources, breakers and workers", section: .work,
    examples: [
      .init("ingestd status", "Everything at a glance."),
      .init("ingestd status --json", "The same for a script."),
    ])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      let overview = try await operations.status()
      if context.console.isJSON { return try context.console.json(StatusResponse(overview)) }
      try print(overview, context)
      if overview.report.queued > 0, overview.alive.isEmpty {
        context.console.note(
          "no worker is running: start one with `ingestd worker --data \(operations.place.visible)`")
      }
    }
  }

  private static func print(_ overview: StatusOverview, _ context: CommandContext) throws {
    let report = overview.report
    let counts = [
      ("queued", report.queued), ("running", report.running), ("waiting", report.waiting),
      ("completed", report.completed), ("cancelled", report.cancelled), ("dead", report.dead),
    ]
    try context.console.line(
      "jobs: " + counts.map { "\(DecimalText.grouped($0.1)) \($0.0)" }.joined(separator: ", "))
    if report.queued > 0 {
      let now = context.clock.now
      let reasons = report.queuedReasons.map { reason in
        let next = reason.nextAt.map { " (next \(RelativeTime.text($0, now: now)))" } ?? ""
        return "\(DecimalText.grouped(reason.count)) \(reason.reason.rawValue)\(next)"
      }
      try context.console.line("queued: " + reasons.joined(separator: ", "))
    }
    if !report.sources.isEmpty {
      var table = Table(
        [.init("SOURCE", yields: 1)]
          + ["QUEUED", "RUNNING", "WAITING", "COMPLETED", "CANCELLED", "DEAD"].map { Table.Column($0, isNumber: true) })
      for source in report.sources {
        table.add(
          [Table.Cell(source.source)]
            + [source.queued, source.running, source.waiting, source.completed, source.cancelled].map {
              Table.Cell(DecimalText.grouped($0))
            } + [Table.Cell(DecimalText.grouped(source.dead), source.dead > 0 ? .bad : nil)])
      }
      try context.console.line()
      try context.console.table(table)
      if report.sourcesTotal > report.sources.count {
        try context.console.line("… and \(report.sourcesTotal - report.sources.count) more sources")
      }
    }
    if !report.breakers.isEmpty {
      try context.console.line()
      try context.console.breakers(report.breakers, now: context.clock.now)
    }
    guard !report.workers.isEmpty else { return }
    var table = Table([
      .init("WORKER"), .init("PROCESS", isNumber: true), .init("HOST", yields: 1), .init("RUNNING", isNumber: true),
      .init("STARTED"), .init("STATE"),
    ])
    for worker in report.workers {
      let isAlive = overview.isAlive(worker)
      table.add([
        Table.Cell(worker.worker), Table.Cell("\(worker.process)"), Table.Cell(worker.host),
        Table.Cell("\(worker.running)/\(worker.concurrency)"),
        Table.Cell(RelativeTime.text(worker.startedAt, now: context.clock.now)),
        Table.Cell(isAlive ? "alive" : "dead", isAlive ? .good : .bad),
      ])
    }
    try context.console.line()
    try context.console.table(table)
  }
}
