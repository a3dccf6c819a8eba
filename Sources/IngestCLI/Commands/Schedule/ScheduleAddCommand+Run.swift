import IngestApp
import IngestCore
import IngestIntake
import IngestOperations

extension ScheduleAddCommand {
  package static func run(_ context: CommandContext) async throws {
    let timing = try timing(context)
    guard context[scan] != nil || context[workflow] != nil else {
      throw Failure(
        .permanent, code: "SCHEDULE_EMPTY", "The schedule would run nothing.",
        hint: "Give --scan DIR, or --workflow NAME.", category: .invalid)
    }
    for (flag, isGiven) in [
      ("--sync", context[sync]), ("--include", !context[include].isEmpty), ("--exclude", !context[exclude].isEmpty),
    ] where isGiven && context[scan] == nil {
      throw Failure(
        .permanent, code: "SCAN_OPTION", "\(flag) says something of a folder, but none is scanned.",
        hint: "Add --scan DIR.", category: .invalid)
    }
    try await context.withInstallation { installation in
      let spec = ScheduleSpec(
        timing: timing, zone: context[zone], overlap: context[overlap], catchUp: context[catchUp],
        jitter: context[jitter], run: try run(context))
      let next = try installation.operations(as: context.actor).schedules.check(context[name], spec, times: 5)
      _ = try installation.workflow(spec.run.workflow)
      if let scan = spec.run.scan { _ = try installation.workflow(scan.workflow) }
      if context[dryRun] { return try await preview(context, installation, spec, next) }
      if let index = spec.run.index {
        try await installation.requireIndex(index, as: context.actor)
      } else {
        try installation.runs(as: context.actor).check(spec.run.workflow)
      }
      let report = try await installation.operations(as: context.actor).schedules.add(context[name], spec)
      try context.console.json(report)
      try context.console.line(
        "schedule \(report.schedule) added" + (report.next.first.map { ": the next run is at \($0)" } ?? ""))
    }
  }

  private static func timing(_ context: CommandContext) throws -> String {
    if let text = context[cron] { return text }
    if let interval = context[every] { return "every \(interval.compact)" }
    if let time = context[at] { return time.description }
    throw Failure(
      .permanent, code: "SCHEDULE_EMPTY", "Nothing says when the schedule runs.",
      hint: "Give --cron '30 2 * * *', --every 15m or --at TIME.", category: .invalid)
  }

  private static func run(_ context: CommandContext) throws -> ScheduledRun {
    guard let folder = context[scan] else {
      return ScheduledRun(
        workflow: context[workflow] ?? "", task: context[task] ?? "{}",
        index: context[noIndex] ? nil : context[SharedParameters.index],
        source: context[SharedParameters.source], priority: context[priority])
    }
    // Told now rather than by the first run.
    _ = try ScanRoot(folder)
    return try ScheduledRun(
      scan: ScanTask(
        path: FolderPath.absolute(folder), sync: context[sync], index: context[SharedParameters.index],
        source: context[SharedParameters.source], workflow: context[workflow] ?? "ingest",
        priority: context[priority], include: context[include], exclude: context[exclude],
        allowEmpty: context[allowEmpty]))
  }

  private static func preview(
    _ context: CommandContext, _ installation: Installation, _ spec: ScheduleSpec, _ next: [Timestamp]
  ) async throws {
    try context.console.json(Preview(schedule: context[name], next: next))
    for time in next { try context.console.line("would run at \(time)") }
    guard let task = spec.run.scan else { return }
    let summary = try await installation.scan(task, isDryRun: true, context)
    if !context.console.isJSON { try summary.print(context.console, isDryRun: true) }
  }

  /// The first line of `--dry-run --json`; what a scan would do follows.
  private struct Preview: Encodable {
    var schedule: String
    var next: [Timestamp]
  }
}

extension Installation {
  /// What a scan does now, told line by line.
  fileprivate func scan(_ task: ScanTask, isDryRun: Bool, _ context: CommandContext) async throws -> SubmissionSummary {
    let scan = FolderScan(
      submitter: operations(as: context.actor), blobs: blobs,
      template: SubmitRequest(
        index: task.index, source: task.source, uri: "", change: .delete, workflow: try workflow(task.workflow),
        priority: task.priority, actor: context.actor.description),
      removal: task.sync ? try workflow("delete") : nil, allowsEmpty: task.allowEmpty, isDryRun: isDryRun)
    var summary = SubmissionSummary()
    _ = try await scan.run(task.path, SelectionOptions(include: task.include, exclude: task.exclude)) { lines, _ in
      for line in lines { try summary.add(line, context.console, now: clock.now) }
    }
    return summary
  }
}
