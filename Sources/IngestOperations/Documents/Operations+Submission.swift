package import IngestCore
package import IngestIntake

/// The options of a sync, which also deletes documents whose file vanished.
package struct FolderSync: Sendable, Hashable {
  /// Whether a folder without documents counts as emptied on purpose.
  package var allowsEmpty: Bool

  package init(allowsEmpty: Bool) { self.allowsEmpty = allowsEmpty }
}

extension Operations {
  /// Submits the files that the paths select. A refusal of one does not affect the others.
  ///
  /// The configured limits are applied first, and the index `docs` is created if it is missing. A dry run reads the files and
  /// changes nothing.
  /// - Parameters:
  ///   - sync: if given, documents whose file vanished from the one folder are deleted.
  ///   - report: called with the outcomes of the files, batch by batch, in the order of the selection.
  /// - Returns: the counts, and the live generation's jobs, which a caller can wait for.
  /// - Throws: failures that concern every document.
  package func submit(
    _ paths: [String], _ selection: SelectionOptions, _ options: SubmitOptions, sync: FolderSync? = nil,
    report: ([SubmissionLine]) async throws -> Void
  ) async throws -> (tally: SubmissionTally, jobs: [JobID]) {
    let workflow = try workflows.workflow(options.workflow).pinned
    let files = try FileSelection(paths, selection)
    let removal = try sync.map { _ in
      guard paths.count == 1 else {
        throw Failure(
          .permanent, code: "SYNC_NEEDS_FOLDER", "A sync compares the index with one folder.",
          hint: "Give one folder, and nothing else.",
          category: .invalid)
      }
      return try workflows.workflow("delete").pinned
    }
    if !options.isDryRun {
      try await takeOverFlow()
      try await requireIndex(options.index)
    }
    let template = try options.template(workflow, keyLife: settings.keyLife, actor: actor)
    var tally = SubmissionTally()
    var jobs: [JobID] = []
    func note(_ lines: [SubmissionLine]) async throws {
      let lines = lines.map(timed)
      for line in lines { tally.note(line) }
      jobs += lines.compactMap(\.job)
      try await report(lines)
    }
    if let sync, let removal {
      let scan = try FolderScan(
        submitter: self, blobs: blobs, template: template, removal: removal, allowsEmpty: sync.allowsEmpty,
        isDryRun: options.isDryRun)
      _ = try await scan.run(paths[0], selection) { lines, _ in try await note(lines) }
    } else {
      let intake = try Intake(
        submitter: self, blobs: blobs, mode: options.isDryRun ? .list : .submit, template: template)
      try await intake.run(files) { batch in try await note(batch.lines) }
    }
    return (tally, jobs)
  }

  /// Returns the line with the time from which a rate limit accepts it.
  func timed(_ line: SubmissionLine) -> SubmissionLine {
    guard case .refused(let failure) = line.outcome, failure.isRateLimit else { return line }
    var line = line
    line.nextAt = failure.retryAfter.map { clock.now + $0 }
    return line
  }
}
