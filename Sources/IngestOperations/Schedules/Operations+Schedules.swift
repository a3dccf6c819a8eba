package import IngestCore
package import IngestIntake

/// The result of a dry run: a schedule that would be added.
package struct SchedulePreview: Sendable {
  package var schedule: String
  /// The next times of the schedule.
  package var next: [Timestamp]
  /// The scan that it would run; nil if it runs a workflow.
  package var scan: ScanTask?
}

extension Operations {
  /// Returns all schedules by name, each with its next time.
  package func listSchedules() async throws -> [ScheduleReport] {
    try await schedules.schedules().map { report($0, times: 1) }
  }

  /// Returns a schedule with its next five times.
  /// - Throws: `SCHEDULE_NOT_FOUND`.
  package func schedule(_ name: String) async throws -> ScheduleReport {
    report(try await schedules.schedule(name), times: 5)
  }

  /// Adds a schedule, which ticks from now on.
  /// - Throws: as ``ScheduleRequest/check()`` and ``checkSchedule(_:_:times:)``, and `SCHEDULE_EXISTS`, `INDEX_NOT_FOUND`,
  ///   `WORKFLOW_NOT_FOUND`, `WORKFLOW_INVALID`.
  package func addSchedule(_ request: ScheduleRequest) async throws -> ScheduleReport {
    let (spec, _) = try await checked(request, dryRun: false)
    try await schedules.addSchedule(request.name, spec, actor: actorText)
    return try await schedule(request.name)
  }

  /// Removes a schedule. Its runs under way continue.
  /// - Throws: `SCHEDULE_NOT_FOUND`; `SCHEDULE_CONFIGURED` for one of the configuration.
  package func removeSchedule(_ name: String) async throws {
    try await schedules.removeSchedule(name, actor: actorText)
  }

  /// Lets the ticks of a schedule pass until it is resumed.
  /// - Returns: whether it was not paused before.
  /// - Throws: `SCHEDULE_NOT_FOUND`.
  package func pauseSchedule(_ name: String) async throws -> Bool {
    try await schedules.pauseSchedule(name, actor: actorText)
  }

  /// Lets a schedule tick again from now on. Ticks that passed meanwhile are not made up for.
  /// - Returns: whether it was paused.
  /// - Throws: `SCHEDULE_NOT_FOUND`.
  package func resumeSchedule(_ name: String) async throws -> Bool {
    try await schedules.resumeSchedule(name, actor: actorText)
  }

  /// Checks a schedule with the code of ``addSchedule(_:)``, up to the write.
  /// - Throws: as ``addSchedule(_:)``.
  package func previewSchedule(_ request: ScheduleRequest) async throws -> SchedulePreview {
    let (spec, next) = try await checked(request, dryRun: true)
    return SchedulePreview(schedule: request.name, next: next, scan: spec.run.scan)
  }

  /// Starts a run of a schedule outside its ticks, with the same overlap policy, even if the schedule is paused. The configured
  /// schedules and limits are applied first.
  /// - Throws: `SCHEDULE_NOT_FOUND`; `SCHEDULE_BUSY` if the policy is to skip and a run is under way;
  ///   `WORKFLOW_NOT_FOUND`, `WORKFLOW_INVALID`.
  package func runSchedule(_ name: String) async throws -> ScheduleRunNow {
    try await takeOverFlow()
    try await takeOverSchedules()
    let record = try await schedules.schedule(name)
    return try await schedules.runSchedule(
      name, workflow: try workflows.workflow(record.spec.run.workflow).pinned, actor: actorText)
  }

  private func checked(
    _ request: ScheduleRequest, dryRun: Bool
  ) async throws -> (spec: ScheduleSpec, next: [Timestamp]) {
    let spec = try request.spec()
    let next = try checkSchedule(request.name, spec, times: 5)
    _ = try workflows.workflow(spec.run.workflow)
    if let scan = spec.run.scan { _ = try workflows.workflow(scan.workflow) }
    if let index = spec.run.index {
      try await requireIndex(index, dryRun: dryRun)
    } else {
      try requireNoDocument(spec.run.workflow)
    }
    try await requireFreeSchedule(request.name)
    return (spec, next)
  }

  private func report(_ record: ScheduleRecord, times: Int) -> ScheduleReport {
    let next =
      record.isPaused
      ? []
      : (try? record.timing().times(
        after: max(record.last, clock.now), in: parts.zones.rules(of: record.spec.zone), count: times)) ?? []
    return ScheduleReport(record, next: next)
  }
}

extension Operations {
  /// Scans a folder now, as a schedule's run does.
  /// - Parameters:
  ///   - isDryRun: makes the same decisions, and submits nothing.
  ///   - body: called with the next lines of the scan, in order.
  /// - Throws: `WORKFLOW_NOT_FOUND`, `WORKFLOW_INVALID`, a ``ScanError`` of the folder, and errors of `body`.
  @discardableResult
  package func scan(
    _ task: ScanTask, isDryRun: Bool, _ body: ([SubmissionLine]) async throws -> Void
  ) async throws -> SubmissionTally {
    let scan = try FolderScan(
      submitter: self, blobs: blobs,
      template: SubmitRequest(
        index: task.index, source: task.source, uri: "", change: .delete,
        workflow: try workflows.workflow(task.workflow).pinned, priority: task.priority, actor: actorText),
      removal: task.sync ? try workflows.workflow("delete").pinned : nil, allowsEmpty: task.allowEmpty,
      isDryRun: isDryRun)
    var tally = SubmissionTally()
    _ = try await scan.run(task.path, SelectionOptions(include: task.include, exclude: task.exclude)) { lines, _ in
      let lines = lines.map(timed)
      for line in lines { tally.note(line) }
      try await body(lines)
    }
    return tally
  }
}
