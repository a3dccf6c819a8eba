import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd schedule list`.
package enum ScheduleListCommand: Command {
  package static let spec = CommandSpec(
    "schedule list", "List schedules with their next and last runs", section: .work,
    examples: [.init("ingestd schedule list --json", "One object a line.")])

  package static func run(_ context: CommandContext) async throws {
    let schedules = try await context.withOperations { try await $0.listSchedules() }
    for schedule in schedules { try context.console.json(ScheduleResponse(schedule)) }
    if schedules.isEmpty { return context.console.note("no schedules: `ingestd schedule add` adds one") }
    var table = Table([
      .init("SCHEDULE"), .init("STATE"), .init("NEXT"), .init("LAST"), .init("WHEN", yields: 1, minimum: 9),
      .init("RUNS", yields: 2, minimum: 12, keepsEnd: true),
    ])
    for schedule in schedules {
      table.add(
        schedule.schedule, ScheduleSheet.state(schedule), schedule.next.first?.description ?? "",
        ScheduleSheet.last(schedule, now: context.clock.now), ScheduleSheet.timing(schedule),
        ScheduleSheet.runs(schedule))
    }
    try context.console.table(table)
  }
}

/// The texts of a schedule in tables.
enum ScheduleSheet {
  static func state(_ schedule: ScheduleReport) -> String {
    schedule.error != nil ? "failing" : schedule.running > 0 ? "running" : schedule.state.rawValue
  }

  static func timing(_ schedule: ScheduleReport) -> String {
    schedule.timing + (schedule.zone == "UTC" ? "" : " \(schedule.zone)")
  }

  static func runs(_ schedule: ScheduleReport) -> String {
    schedule.scan.map { "scan \($0.path)\($0.sync ? " --sync" : "")" } ?? schedule.workflow
  }

  static func last(_ schedule: ScheduleReport, now: Timestamp) -> String {
    guard let last = schedule.lastFiredAt else { return "" }
    return RelativeTime.text(last, now: now) + (schedule.lastState.map { ", \($0.rawValue)" } ?? "")
  }
}
