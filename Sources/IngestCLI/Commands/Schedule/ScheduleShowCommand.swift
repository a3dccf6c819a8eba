import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd schedule show`.
package enum ScheduleShowCommand: Command {
  package static let spec = CommandSpec(
    "schedule show", "Show a schedule, its next times and its last run", section: .work,
    parameters: [SharedParameters.schedule.spec],
    examples: [.init("ingestd schedule show nightly", "When it runs next, and how the last run ended.")],
    exits: [.init(3, "the schedule does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let schedule = try await context.withOperations { try await $0.schedule(context[SharedParameters.schedule]) }
    try context.console.json(ScheduleResponse(schedule))
    for (label, text) in rows(schedule, now: context.clock.now) {
      try context.console.line("\((label + ":").padded(to: 12)) \(text.visible)")
    }
  }

  private static func rows(_ schedule: ScheduleReport, now: Timestamp) -> [(String, String)] {
    var rows = [
      ("schedule", schedule.schedule), ("state", ScheduleSheet.state(schedule)),
      ("when", ScheduleSheet.timing(schedule)), ("runs", ScheduleSheet.runs(schedule)),
      ("index", "\(schedule.index ?? "none"), source \(schedule.source)"), ("overlap", schedule.overlap.rawValue),
      ("catch-up", schedule.catchUp.compact),
    ]
    if schedule.jitter > .zero { rows.append(("jitter", schedule.jitter.compact)) }
    if schedule.scan == nil, schedule.task != "{}" { rows.append(("task", schedule.task)) }
    if schedule.origin == .configuration { rows.append(("from", "the configuration")) }
    for time in schedule.next { rows.append(("next", time.description)) }
    if let waiting = schedule.waiting {
      rows.append(("waiting", "the run of \(waiting) starts when the last one ends"))
    }
    if let job = schedule.lastJob { rows.append(("last", "\(ScheduleSheet.last(schedule, now: now)), job \(job)")) }
    rows.append(("ticks", "\(schedule.fired) fired, \(schedule.skipped) skipped"))
    if let missed = schedule.missedAt { rows.append(("missed", "from \(missed) on, no worker ran in time")) }
    if let error = schedule.error {
      rows.append(("error", "\(error.message) (\(error.code)) \(error.hint.commandLine)"))
    }
    return rows
  }
}
