import IngestCore
import IngestIntake
import IngestOperations

extension SubmitCommand {
  package static func run(_ context: CommandContext) async throws {
    let options = options(context)
    try options.check(paths: context[paths].count, now: context.clock.now)
    try await context.withOperations { operations in
      var text = SubmissionText(context.console)
      let live = LiveStatus(console: context.console, clock: context.clock)
      defer { live.end() }
      let start = context.clock.uptime
      var files = 0
      let (tally, jobs) = try await operations.submit(
        context[paths],
        SelectionOptions(
          root: context[root], uri: context[uri], include: context[include], exclude: context[exclude]),
        options, sync: context[sync] ? FolderSync(allowsEmpty: context[allowEmpty]) : nil
      ) { lines in
        try text.show(lines)
        files += lines.count
        guard !context[sync] else { return }
        live.update {
          Progress(done: files, total: nil, elapsed: .microseconds(context.clock.uptime - start), unit: "files")
        }
      }
      live.end()
      try text.show(tally, isDryRun: context[dryRun])
      if tally.foundNothing { throw SelectionError.noDocuments(argument: context[paths].joined(separator: " ")) }
      if context[wait], !jobs.isEmpty {
        let followed = try await JobFollower(operations: operations, console: context.console).follow(jobs)
        if followed.completed < jobs.count { throw ExitStatus.failed }
      }
      if let refusal = tally.refusal { throw ExitStatus(refusal.exitStatus) }
    }
  }

  private static func options(_ context: CommandContext) -> SubmitOptions {
    var options = SubmitOptions(index: context[SharedParameters.index], source: context[SharedParameters.source])
    options.workflow = context[workflow]
    options.meta = Dictionary(context[meta].map { ($0.key, $0.value) }) { _, last in last }
    options.priority = context[priority]
    options.start = context[at] ?? context[delay].map { context.clock.now + $0 }
    options.debounce = context[debounce]
    options.debounceLongest = context[debounceLongest]
    options.key = context[key]
    options.keyLife = context[keyLife]
    options.passwordFile = context[SharedParameters.passwordFile]
    options.isDryRun = context[dryRun]
    return options
  }
}
