import IngestCore

/// Short texts about sources and limits.
enum SourceText {
  /// `2`, `0.5`.
  static func weight(_ weight: Double) -> String {
    weight == weight.rounded() ? "\(Int(weight))" : "\(weight)"
  }

  /// `60/m burst 10`, `4 at once`, `submits 1/h`.
  static func limit(_ limit: Limit) -> String {
    switch limit.amount {
    case .concurrency: "\(limit.amount) at once"
    case .rateLimit: "submits \(limit.amount)"
    case .throttle: "\(limit.amount)" + (limit.unit == .jobs ? "" : " \(limit.unit.rawValue)")
    }
  }

  /// Returns why the source's jobs wait; empty if nothing holds them back.
  static func state(_ source: SourceReport, now: Timestamp) -> String {
    if source.paused { return "paused" }
    guard let reason = source.reason else { return "" }
    guard let next = source.nextAt else { return reason }
    return "\(reason), next \(RelativeTime.text(next, now: now))"
  }

  /// Returns why the source's jobs do not start, and when they will or what to do.
  static func explanation(
    _ source: SourceReport, pauses: PauseReport, hasWorker: Bool, now: Timestamp
  ) -> String {
    let worker = hasWorker ? "" : " No worker is running."
    let next = source.nextAt.map { " The next can start at \($0) (\(RelativeTime.text($0, now: now)))." } ?? ""
    if pauses.everything { return "Everything is paused: resume it with `ingestd source resume --all`." }
    if source.paused { return "It is paused: resume it with `ingestd source resume \(source.source)`." }
    if source.queued == 0 { return "Nothing is queued." }
    switch source.reason.flatMap(QueuedReason.init(rawValue:)) {
    case .throttled?:
      return (next.isEmpty ? "As many run as its limits allow. The next starts when one ends." : "Throttled." + next)
        + worker
    case .breakerOpen?: return "A dependency of its jobs is down." + next + worker
    case .paused?: return "The workflow of its jobs is paused: resume it with `ingestd workflow resume NAME`."
    case .ready?, .scheduled?, .retrying?, .exhausted?, .afterPrevious?, nil: break
    }
    if source.ready > 0, !hasWorker { return "No worker is running." }
    if source.ready > 0 { return "Its jobs wait only for a free worker." }
    return "Its queued jobs are due later or wait for others: `ingestd job list --source \(source.source)` shows why."
  }

  /// Notes the pauses that are not of a single source.
  static func note(_ pauses: PauseReport, _ console: Console) {
    if pauses.everything { console.note("everything is paused: resume it with `ingestd source resume --all`") }
    for workflow in pauses.workflows {
      let name = workflow.visible
      console.note("the workflow \(name) is paused: resume it with `ingestd workflow resume \(name)`")
    }
  }
}
