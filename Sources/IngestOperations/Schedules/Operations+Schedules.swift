package import IngestCore
package import IngestIntake

/// A schedule that would be added, by a dry run.
package struct SchedulePreview: Sendable {
  package var schedule: String
  /// Its next times.
  package var next: [Timestamp]
  /// The folder that it would scan.
  package var scan: ScanTask?
}

extension Operations {
  /// Adds a schedule, which ticks from now on.
  /// - Throws: as ``ScheduleRequest/check()`` and ``ScheduleOperations/check(_:_:times:)``, and `SCHEDULE_EXISTS`,
  ///   `INDEX_NOT_FOUND`, `WORKFLOW_NOT_FOUND`, `WORKFLOW_INVALID`.
  package func addSchedule(_ request: ScheduleRequest) async throws -> ScheduleReport {
    let (spec, _) = try await checked(request, dryRun: false)
    return try await schedules.add(request.name, spec)
  }

  /// Checks a schedule by the same code as ``addSchedule(_:)``, up to the write.
  /// - Throws: as ``addSchedule(_:)``.
  package func previewSchedule(_ request: ScheduleRequest) async throws -> SchedulePreview {
    let (spec, next) = try await checked(request, dryRun: true)
    return SchedulePreview(schedule: request.name, next: next, scan: spec.run.scan)
  }

  /// Starts a run of a schedule besides its ticks, by the same overlap policy, paused or not. The schedules and limits of
  /// the configuration are taken over first.
  /// - Throws: `SCHEDULE_NOT_FOUND`; `SCHEDULE_BUSY` where the policy is to skip and a run is under way;
  ///   `WORKFLOW_NOT_FOUND`, `WORKFLOW_INVALID`.
  package func runSchedule(_ name: String) async throws -> ScheduleRunNow {
    try await takeOverFlow()
    try await takeOverSchedules()
    return try await schedules.run(name) { try workflows.workflow($0).pinned }
  }

  private func checked(
    _ request: ScheduleRequest, dryRun: Bool
  ) async throws -> (spec: ScheduleSpec, next: [Timestamp]) {
    let spec = try request.spec()
    let next = try schedules.check(request.name, spec, times: 5)
    _ = try workflows.workflow(spec.run.workflow)
    if let scan = spec.run.scan { _ = try workflows.workflow(scan.workflow) }
    if let index = spec.run.index {
      try await requireIndex(index, dryRun: dryRun)
    } else {
      try runs.check(spec.run.workflow)
    }
    try await schedules.requireFree(request.name)
    return (spec, next)
  }
}

extension Operations {
  /// Scans a folder now, as a schedule's run does.
  /// - Parameters:
  ///   - isDryRun: decides alike, and submits nothing.
  ///   - body: called with the next lines of the scan, in its order.
  /// - Throws: `WORKFLOW_NOT_FOUND`, `WORKFLOW_INVALID`, what is wrong with the folder, and what `body` throws.
  @discardableResult
  package func scan(
    _ task: ScanTask, isDryRun: Bool, _ body: ([SubmissionLine]) async throws -> Void
  ) async throws -> SubmissionTally {
    let scan = FolderScan(
      submitter: self, blobs: blobs,
      template: SubmitRequest(
        index: task.index, source: task.source, uri: "", change: .delete,
        workflow: try workflows.workflow(task.workflow).pinned, priority: task.priority, actor: actorText),
      removal: task.sync ? try workflows.workflow("delete").pinned : nil, allowsEmpty: task.allowEmpty,
      isDryRun: isDryRun)
    var tally = SubmissionTally()
    _ = try await scan.run(task.path, SelectionOptions(include: task.include, exclude: task.exclude)) { lines, _ in
      try await note(lines, &tally, body)
    }
    return tally
  }
}
