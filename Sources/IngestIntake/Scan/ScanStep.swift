internal import FoundationEssentials
package import IngestCore

/// The step `scan`: submits new and changed files of a folder, and deletes documents whose file vanished. It is not part of
/// IngestSteps, which does not know submits.
package struct ScanStep: Step {
  package static let declaration = StepKind(
    ScanTask.workflow,
    "Submits the new and changed files of a folder. If the task says so, deletes documents whose file vanished.")
  private let blobs: any BlobIntake
  private let submitter: @Sendable (Actor) -> any Submitter
  private let workflow: @Sendable (String) throws -> PinnedWorkflow

  /// Microseconds between two saves. After a crash, each file since the last save is hashed again.
  private static let interval: Int64 = 500_000

  /// - Parameters:
  ///   - submitter: accepts submits in the name of an actor.
  ///   - workflow: returns the current workflow of a name.
  package init(
    blobs: any BlobIntake, submitter: @escaping @Sendable (Actor) -> any Submitter,
    workflow: @escaping @Sendable (String) throws -> PinnedWorkflow
  ) {
    self.blobs = blobs
    self.submitter = submitter
    self.workflow = workflow
  }

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task: ScanTask
    do {
      task = try JSONDecoder().decode(ScanTask.self, from: Data(input.task.utf8))
    } catch {
      throw ScanError.task(problem: "\(error)")
    }
    let actor = Actor(.job, input.job.rawValue)
    let scan = FolderScan(
      submitter: submitter(actor), blobs: blobs,
      template: SubmitRequest(
        index: task.index, source: task.source, uri: "", change: .delete, workflow: try workflow(task.workflow),
        priority: task.priority, actor: actor.description),
      removal: task.sync ? try workflow("delete") : nil, allowsEmpty: task.allowEmpty)
    let cursor = input.cursor.flatMap { try? JSONDecoder().decode(ScanProgress.self, from: Data($0.utf8)) }
    var savedAt = context.clock.uptime
    let result = try await scan.run(
      task.path, SelectionOptions(include: task.include, exclude: task.exclude), from: cursor
    ) { _, progress in
      try Task.checkCancellation()
      guard context.clock.uptime - savedAt >= Self.interval else { return }
      savedAt = context.clock.uptime
      try await context.save(
        StepSave(
          progress: StepProgress(done: progress.files, unit: "files"), cursor: try Self.text(progress)))
    }
    return StepOutput(result: try Self.text(result), degraded: result.tally.refused > 0)
  }

  private static func text(_ progress: ScanProgress) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(progress), as: UTF8.self)
  }
}
