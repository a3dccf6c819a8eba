import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd schedule remove`.
package enum ScheduleRemoveCommand: Command {
  package static let spec = CommandSpec(
    "schedule remove", "Remove a schedule; its runs under way go on", section: .work,
    parameters: [SharedParameters.schedule.spec],
    examples: [.init("ingestd schedule remove nightly", "It runs no more.")],
    exits: [.init(3, "there is no such schedule"), .init(4, "it stands in the configuration")])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.schedule]
    try await context.withOperations { try await $0.schedules.remove(name) }
    try context.console.json(ScheduleChangeResponse(schedule: name, change: "removed"))
    try context.console.line("schedule \(name) removed")
  }
}

/// `ingestd schedule pause`.
package enum SchedulePauseCommand: Command {
  package static let spec = CommandSpec(
    "schedule pause", "Let a schedule's ticks pass until it is resumed", section: .work,
    parameters: [SharedParameters.schedule.spec],
    examples: [.init("ingestd schedule pause nightly", "A run under way goes on.")],
    exits: [.init(3, "there is no such schedule")])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.schedule]
    let changed = try await context.withOperations { try await $0.schedules.pause(name) }
    try context.console.json(ScheduleChangeResponse(schedule: name, change: changed ? "paused" : "unchanged"))
    try context.console.line("schedule \(name) \(changed ? "paused" : "was paused already")")
  }
}

/// `ingestd schedule resume`.
package enum ScheduleResumeCommand: Command {
  package static let spec = CommandSpec(
    "schedule resume", "Let a paused schedule run again from now on", section: .work,
    details: ["Ticks that passed while it was paused are not made up for; `ingestd schedule run` starts one now."],
    parameters: [SharedParameters.schedule.spec],
    examples: [.init("ingestd schedule resume nightly", "It runs at its next time.")],
    exits: [.init(3, "there is no such schedule")])

  package static func run(_ context: CommandContext) async throws {
    let name = context[SharedParameters.schedule]
    let changed = try await context.withOperations { try await $0.schedules.resume(name) }
    try context.console.json(ScheduleChangeResponse(schedule: name, change: changed ? "resumed" : "unchanged"))
    try context.console.line("schedule \(name) \(changed ? "resumed" : "was not paused")")
  }
}
