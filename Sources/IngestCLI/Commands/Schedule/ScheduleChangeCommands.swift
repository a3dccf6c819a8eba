import IngestAPI
import IngestOperations

/// `ingestd schedule remove`.
package enum ScheduleRemoveCommand: Command {
  package static let spec = CommandSpec(
    "schedule remove", "Remove a schedule; its runs under way continue", section: .work,
    parameters: [SharedParameters.schedule.spec],
    examples: [.init("ingestd schedule remove nightly", "It does not run again.")],
    exits: [.init(3, "the schedule does not exist"), .init(4, "the schedule is set in the configuration")])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.schedule]
    try await context.withOperations { try await $0.removeSchedule(name) }
    try context.console.json(ScheduleChangeResponse(schedule: name, change: "removed"))
    try context.console.line("schedule \(name) removed")
  }
}

/// `ingestd schedule pause`.
package enum SchedulePauseCommand: Command {
  package static let spec = CommandSpec(
    "schedule pause", "Pause a schedule, so that its ticks start no runs", section: .work,
    parameters: [SharedParameters.schedule.spec],
    examples: [.init("ingestd schedule pause nightly", "A run under way continues.")],
    exits: [.init(3, "the schedule does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.schedule]
    let changed = try await context.withOperations { try await $0.pauseSchedule(name) }
    try context.console.json(ScheduleChangeResponse(schedule: name, change: changed ? "paused" : "unchanged"))
    try context.console.line("schedule \(name) \(changed ? "paused" : "was paused already")")
  }
}

/// `ingestd schedule resume`.
package enum ScheduleResumeCommand: Command {
  package static let spec = CommandSpec(
    "schedule resume", "Resume a paused schedule from its next tick on", section: .work,
    details: ["Ticks that passed during the pause do not run later; `ingestd schedule run` starts a run now."],
    parameters: [SharedParameters.schedule.spec],
    examples: [.init("ingestd schedule resume nightly", "It runs at its next tick.")],
    exits: [.init(3, "the schedule does not exist")])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.schedule]
    let changed = try await context.withOperations { try await $0.resumeSchedule(name) }
    try context.console.json(ScheduleChangeResponse(schedule: name, change: changed ? "resumed" : "unchanged"))
    try context.console.line("schedule \(name) \(changed ? "resumed" : "was not paused")")
  }
}
