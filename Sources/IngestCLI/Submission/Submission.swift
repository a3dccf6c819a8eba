import IngestApp
import IngestCore
import IngestIntake

/// Submits the files of a selection with a live line, and tells of them in the selection's order.
struct Submission {
  let installation: Installation
  let console: Console
  let actor: Actor
  let isDryRun: Bool
  /// Everything but uri and content.
  let template: SubmitRequest

  func run(_ selection: FileSelection) async throws -> SubmissionSummary {
    var summary = SubmissionSummary()
    let live = LiveStatus(console: console, clock: installation.clock)
    defer { live.end() }
    let start = installation.clock.uptime
    var files = 0
    let intake = Intake(
      submitter: installation.operations(as: actor), blobs: installation.blobs, mode: isDryRun ? .list : .submit,
      template: template)
    try await intake.run(selection) { batch in
      files += batch.lines.count
      for line in batch.lines { try summary.add(line, console, now: installation.clock.now) }
      let done = files
      live.update {
        Progress(done: done, total: nil, elapsed: .microseconds(installation.clock.uptime - start), unit: "files")
      }
    }
    return summary
  }

  /// The same of one folder, whose vanished documents are deleted.
  func sync(
    _ folder: String, _ options: SelectionOptions, allowsEmpty: Bool, removal: PinnedWorkflow
  ) async throws -> SubmissionSummary {
    var summary = SubmissionSummary()
    let scan = FolderScan(
      submitter: installation.operations(as: actor), blobs: installation.blobs, template: template, removal: removal,
      allowsEmpty: allowsEmpty, isDryRun: isDryRun)
    _ = try await scan.run(folder, options) { lines, _ in
      for line in lines { try summary.add(line, console, now: installation.clock.now) }
    }
    return summary
  }
}
