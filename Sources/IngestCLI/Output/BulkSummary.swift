import IngestCore

/// The text of what a command did to many jobs, or would do.
struct BulkSummary {
  let report: BulkReport
  let now: Timestamp

  /// - Parameter sentences: the words for verdicts, where the command does not use the usual ones.
  func print(_ console: Console, _ sentences: [JobVerdict: String] = [:]) throws {
    if console.isJSON { return }
    if report.isDryRun { try console.line("dry run: nothing was changed", .heading) }
    if report.total == 0 { try console.line("no jobs match") }
    for verdict in JobVerdict.allCases where report.count(verdict) > 0 {
      let words = sentences[verdict] ?? Self.sentence(verdict, isDryRun: report.isDryRun)
      try console.line("\(DecimalText.grouped(report.count(verdict))) \(words)")
    }
    if let last = report.lastDueAt {
      try console.line("the last of them starts at \(last) (\(RelativeTime.text(last, now: now)))")
    }
    if report.isDryRun { try printFirst(console) }
    for refused in report.lines(.refused).prefix(5) {
      if let failure = refused.refusal {
        console.note(FailureText.lines(failure, colour: false).joined(separator: "\n"))
      }
    }
  }

  private static func sentence(_ verdict: JobVerdict, isDryRun: Bool) -> String {
    switch verdict {
    case .cancelled: isDryRun ? "would be cancelled" : "cancelled"
    case .stopping: isDryRun ? "would be asked to stop at the next safe point" : "asked to stop at the next safe point"
    case .due: isDryRun ? "would be due now" : "due now"
    case .redriven: isDryRun ? "would continue" : "continue"
    case .superseded:
      (isDryRun ? "would be cancelled" : "cancelled") + ": their documents have a newer revision"
    case .replayed: isDryRun ? "would run again as new jobs" : "run again as new jobs"
    case .purged: isDryRun ? "would be deleted" : "deleted"
    case .refused: isDryRun ? "would be refused" : "refused"
    }
  }

  private func printFirst(_ console: Console) throws {
    let first = report.lines.prefix(10)
    guard !first.isEmpty else { return }
    let isPaced = first.contains { $0.dueAt != nil }
    let keeps = first.contains { $0.kept?.isEmpty == false }
    var table = Table(
      [.init("ID"), .init("RESULT")] + (isPaced ? [.init("STARTS")] : [])
        + (keeps ? [.init("KEPT STEPS", yields: 1, minimum: 10)] : [])
        + [.init("DOCUMENT", yields: 2, minimum: 12, keepsEnd: true)])
    for line in first {
      table.add(
        [Table.Cell(line.id), Table.Cell(line.refusal?.code ?? line.verdict.rawValue)]
          + (isPaced ? [Table.Cell(line.dueAt.map { RelativeTime.text($0, now: now) } ?? "now")] : [])
          + (keeps ? [Table.Cell(line.kept?.joined(separator: " ") ?? "")] : [])
          + [Table.Cell(line.uri ?? "")])
    }
    try console.line()
    try console.table(table)
    if report.total > first.count { try console.line("… and \(DecimalText.grouped(report.total - first.count)) more") }
  }

  /// Ends the command with the exit status of the first refusal.
  /// - Parameter named: whether jobs were named. If not, refused jobs are only left out, and the exit status stays 0.
  func conclude(named: Bool) throws {
    guard named, let refusal = report.lines(.refused).first?.refusal else { return }
    throw ExitStatus(refusal.category.exitStatus)
  }
}
