import IngestCore

/// A worker's access to the schedules. Other tasks may run between the query for due schedules and the firing.
struct WatchedSchedules: ScheduleStore {
  unowned let host: WorkerHost
  let base: any ScheduleStore

  func dueSchedules(limit: Int) async throws -> (due: [ScheduleRecord], next: Timestamp?) {
    try await host.enter("querying due ticks")
    return try await base.dueSchedules(limit: limit)
  }

  func fire(_ firing: ScheduleFiring) async throws -> ScheduleFired? {
    try await host.enter("firing \(firing.name)")
    await Task.yield()
    let fired = try await base.fire(firing)
    if let fired, !fired.started.isEmpty {
      host.world.trace.note(host.name, "fires \(firing.name) \(fired.started.count) times")
    }
    try await host.pass("after firing \(firing.name)")
    return fired
  }

  func schedules() async throws -> [ScheduleRecord] { try await base.schedules() }
  func schedule(_ name: String) async throws -> ScheduleRecord { try await base.schedule(name) }
  func addSchedule(_ name: String, _ spec: ScheduleSpec, actor: String) async throws {
    try await base.addSchedule(name, spec, actor: actor)
  }
  func removeSchedule(_ name: String, actor: String) async throws {
    try await base.removeSchedule(name, actor: actor)
  }
  func pauseSchedule(_ name: String, actor: String) async throws -> Bool {
    try await base.pauseSchedule(name, actor: actor)
  }
  func resumeSchedule(_ name: String, actor: String) async throws -> Bool {
    try await base.resumeSchedule(name, actor: actor)
  }
  func configureSchedules(_ schedules: [String: ScheduleSpec], actor: String) async throws -> Int {
    try await base.configureSchedules(schedules, actor: actor)
  }
  func runSchedule(_ name: String, workflow: PinnedWorkflow, actor: String) async throws
    -> ScheduleRunNow
  {
    try await base.runSchedule(name, workflow: workflow, actor: actor)
  }
}
