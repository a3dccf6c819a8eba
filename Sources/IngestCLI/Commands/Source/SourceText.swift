import IngestCore

/// How sources and limits are told in few words.
enum SourceText {
  /// `2`, `0.5`.
  static func weight(_ weight: Double) -> String {
    weight == weight.rounded() ? "\(Int(weight))" : "\(weight)"
  }

  /// `60/m burst 10`, `4 at once`, `1/h refused past it`.
  static func limit(_ limit: Limit) -> String {
    switch limit.amount {
    case .concurrency: "\(limit.amount) at once"
    case .rateLimit: "submits \(limit.amount)"
    case .throttle: "\(limit.amount)" + (limit.unit == .jobs ? "" : " \(limit.unit.rawValue)")
    }
  }

  /// Empty where nothing holds its jobs back.
  static func state(_ source: SourceReport, now: Timestamp) -> String {
    if source.paused { return "paused" }
    guard let reason = source.reason else { return "" }
    guard let next = source.nextAt else { return reason }
    return "\(reason), next \(RelativeTime.text(next, now: now))"
  }

  /// Why its jobs do not start, and when they will or what to do.
  static func explanation(
    _ source: SourceReport, pauses: PauseReport, hasWorker: Bool, now: Timestamp
  ) -> String {
    let worker = hasWorker ? "" : " No worker is running."
    let next = source.nextAt.map { " The next can start at \($0) (\(RelativeTime.text($0, now: now)))." } ?? ""
    if pauses.everything { return "Everything is paused: `ingestd source resume --all` lets it go on." }
    if source.paused { return "It is paused: `ingestd source resume \(source.source)` lets it go on." }
    if source.queued == 0 { return "Nothing is queued." }
    switch source.reason.flatMap(QueuedReason.init(rawValue:)) {
    case .throttled?:
      return (next.isEmpty ? "As many run as its limits allow: the next starts when one ends." : "Throttled." + next)
        + worker
    case .breakerOpen?: return "Something its jobs need is down." + next + worker
    case .paused?: return "Its jobs' workflow is paused: `ingestd workflow resume NAME` lets them go on."
    case .ready?, .scheduled?, .retrying?, .exhausted?, .afterPrevious?, nil: break
    }
    if source.ready > 0, !hasWorker { return "No worker is running." }
    if source.ready > 0 { return "Nothing holds its jobs back but the number of free workers." }
    return "Its queued jobs are due later or wait for others: `ingestd job list --source \(source.source)` tells why."
  }

  /// What is paused beside single sources.
  static func note(_ pauses: PauseReport, _ console: Console) {
    if pauses.everything { console.note("everything is paused: `ingestd source resume --all` lets it go on") }
    for workflow in pauses.workflows {
      console.note("the workflow \(workflow.visible) is paused: `ingestd workflow resume \(workflow.visible)`")
    }
  }
}
