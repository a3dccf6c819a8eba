import IngestAPI
import IngestCore
import IngestOperations

/// The result of `job cancel` and `job retry`.
enum JobsChangedText {
  /// Prints a line for each named job, or a summary of all selected jobs or of a dry run.
  /// - Parameter words: returns what happened to a changed job.
  /// - Throws: the exit status of the first refusal of a named job.
  static func print(
    _ changed: JobsChanged, _ context: CommandContext, _ words: (JobsChanged.Change) -> String
  ) throws {
    let console = context.console
    if changed.named.isEmpty || changed.report.isDryRun {
      for failure in changed.unresolved { try console.report(failure) }
      try console.json(BulkResponse(changed.report))
      try BulkSummary(report: changed.report, now: context.clock.now).print(console)
    } else {
      for named in changed.named {
        switch named.result {
        case .success(let change):
          try console.json(JobChangeResponse(change))
          try console.line("job \(change.job) \(words(change))")
        case .failure(let failure): try console.report(failure)
        }
      }
    }
    if let refusal = changed.refusal { throw ExitStatus(refusal.category.exitStatus) }
  }
}
