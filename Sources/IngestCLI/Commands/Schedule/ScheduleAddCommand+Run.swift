import IngestAPI
import IngestOperations

extension ScheduleAddCommand {
  package static func run(_ context: CommandContext) async throws {
    let request = request(context)
    try request.check()
    try await context.withOperations { operations in
      if context[dryRun] { return try await preview(request, context, operations) }
      let report = try await operations.addSchedule(request)
      try context.console.json(ScheduleResponse(report))
      try context.console.line(
        "schedule \(report.schedule) added" + (report.next.first.map { ": the next run is at \($0)" } ?? ""))
    }
  }

  /// Returns the schedule that the command line describes.
  private static func request(_ context: CommandContext) -> ScheduleRequest {
    var request = ScheduleRequest(name: context[name])
    if let text = context[cron] {
      request.timing = .cron(text)
    } else if let interval = context[every] {
      request.timing = .every(interval)
    } else if let time = context[at] {
      request.timing = .at(time)
    }
    request.zone = context[zone]
    request.overlap = context[overlap]
    request.catchUp = context[catchUp]
    request.jitter = context[jitter]
    request.scan = context[scan]
    request.sync = context[sync]
    request.allowEmpty = context[allowEmpty]
    request.include = context[include]
    request.exclude = context[exclude]
    request.workflow = context[workflow]
    request.task = context[task]
    request.index = context[noIndex] ? nil : context[SharedParameters.index]
    request.source = context[SharedParameters.source]
    request.priority = context[priority]
    return request
  }

  private static func preview(
    _ request: ScheduleRequest, _ context: CommandContext, _ operations: Operations
  ) async throws {
    let preview = try await operations.previewSchedule(request)
    try context.console.json(SchedulePreviewResponse(preview))
    for time in preview.next { try context.console.line("would run at \(time)") }
    guard let task = preview.scan else { return }
    var text = SubmissionText(context.console)
    let tally = try await operations.scan(task, isDryRun: true) { try text.show($0) }
    try text.show(tally, isDryRun: true)
  }
}
