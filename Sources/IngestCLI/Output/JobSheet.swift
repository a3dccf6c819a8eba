import IngestCore

/// The text of a job with its steps, errors and timeline.
struct JobSheet {
  let job: JobReport
  let now: Timestamp

  func print(_ console: Console) throws {
    let state = job.state.style?.paint(job.state.rawValue, console.terminal.outputHasColour) ?? job.state.rawValue
    try console.line("job \(job.job)", .heading)
    try field("state", state + (job.reason.map { " (\($0))" } ?? "") + (job.degraded ? ", degraded" : ""), console)
    if let uri = job.uri { try field("document", uri.visible, console) }
    if let document = job.document, let revision = job.revision {
      try field("", "\(document), revision \(revision)", console)
    }
    try field("workflow", "\(job.workflow.visible) \(job.workflowVersion.prefix(12))", console)
    if let place = job.place { try field("index", place, console) }
    try field("source", job.source, console)
    if let origin = job.replayOf { try field("replays", origin, console) }
    if job.priority != 0 { try field("priority", "\(job.priority)", console) }
    try field("created", time(job.createdAt), console)
    if let started = job.startedAt { try field("started", time(started), console) }
    if let finished = job.finishedAt { try field("finished", time(finished), console) }
    if let next = job.nextAt { try field("next try", time(next), console) }
    if let worker = job.worker { try field("worker", worker, console) }
    if let parent = job.parent { try field("parent", "\(parent), child \(job.child ?? 0)", console) }
    if let children = job.children { try field("children", children.text, console) }
    if let progress = job.progress, !job.state.isEnd { try field("progress", progress.text, console) }
    if let explanation = job.explanation {
      for line in Excerpt.lines(explanation.commandLine, width: Self.width(console), most: 10) {
        try console.line(line, .warning)
      }
    }
    try console.line()
    try console.table(steps)
    try printErrors(console)
    try printChildren(console)
    try printTimeline(console)
  }

  /// Prints the events, oldest first, without those that the table of steps or the list of attempts already shows.
  private func printTimeline(_ console: Console) throws {
    let events = (job.timeline ?? []).filter { $0.event != "step-completed" && $0.event != "attempt-failed" }
    guard !events.isEmpty else { return }
    try console.line()
    try console.line("timeline", .heading)
    if let total = job.timelineTotal, let shown = job.timeline?.count, total > shown {
      try console.line("… \(total - shown) more before these: `ingestd job logs \(job.job)`")
    }
    for event in events {
      try console.line(JobEventLine.text(event).shortened(to: Self.width(console), ellipsis: console.terminal.ellipsis))
    }
  }

  static func width(_ console: Console) -> Int {
    console.terminal.outputIsTerminal ? console.terminal.width : HelpText.width
  }

  private var steps: Table {
    var table = Table([
      .init("STEP", yields: 1), .init("STATE"), .init("ATTEMPTS", isNumber: true), .init("TOOK", isNumber: true),
      .init("STARTED"),
    ])
    for step in job.steps {
      let style: Style? =
        switch step.state {
        case .completed: .good
        case .running: .match
        case .failed: .bad
        case .pending, .skipped: .dim
        case .waiting: .warning
        }
      table.add([
        Table.Cell(step.id), Table.Cell(step.state.rawValue, style), Table.Cell("\(step.attempts)"),
        Table.Cell(step.durationMs.map { DurationText.text(.milliseconds($0)) } ?? ""),
        Table.Cell(step.startedAt?.description ?? ""),
      ])
    }
    return table
  }

  private func printChildren(_ console: Console) throws {
    guard let failures = job.children?.failures, !failures.isEmpty else { return }
    try console.line()
    try console.line("first children that died", .heading)
    for child in failures {
      try console.line("\(child.child)  \(child.job)  \(child.error.brief)")
    }
  }

  /// Prints the job's error with its hint, then the errors of its failed attempts.
  private func printErrors(_ console: Console) throws {
    let colour = console.terminal.outputHasColour
    if let error = job.error {
      try console.line()
      for line in FailureText.lines(error, colour: colour) { try console.line(line) }
    }
    let shown = 20
    guard job.attempts.count > 1 || (job.error == nil && !job.attempts.isEmpty) else { return }
    try console.line()
    try console.line("failed attempts, oldest first", .heading)
    if job.attempts.count > shown { try console.line("… \(job.attempts.count - shown) more before these") }
    for attempt in job.attempts.suffix(shown) {
      let place = [attempt.step, attempt.attempt.map { "attempt \($0)" }].compactMap { $0 }.joined(separator: ", ")
      try console.line((place.isEmpty ? "" : place.visible + ": ") + attempt.brief)
    }
  }

  private func time(_ time: Timestamp) -> String { "\(time.description) (\(RelativeTime.text(time, now: now)))" }

  private func field(_ name: String, _ value: String, _ console: Console) throws {
    try console.line("  " + name.padded(to: 10) + value)
  }
}

extension JobReport {
  /// The index and generation in words; nil for a job that belongs to no index.
  var place: String? { index.map { index in index + (generation.map { ", generation \($0)" } ?? "") } }
}

extension DeadLetter {
  /// As ``JobReport/place``.
  var place: String? { index.map { index in index + (generation.map { ", generation \($0)" } ?? "") } }
}
