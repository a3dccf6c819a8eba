import Glibc
import IngestConfig
import IngestCore
import IngestDocuments
import IngestIntake
import IngestOperations

extension SubmitCommand {
  package static func run(_ context: CommandContext) async throws {
    let source = context[SharedParameters.source]
    let index = context[SharedParameters.index]
    try NameRule.checkSource(source)
    try NameRule.checkIndex(index)
    if context[key] != nil, context[paths].count != 1 {
      throw Failure(
        .permanent, code: "KEY_FOR_MANY", "--key names one document, but several were given.",
        hint: "Submit them one at a time.", category: .invalid)
    }
    try await Installation.with(context) { installation in
      let workflow = try context.workflows(installation.configuration, in: installation.layout)
        .get(context[workflow]).pinned
      let selection = try FileSelection(context[paths], selectionOptions(context))
      if !context[dryRun] {
        try await installation.takeOverFlow()
        try await installation.requireIndex(index)
      }
      let submission = Submission(
        installation: installation, console: context.console, isDryRun: context[dryRun],
        template: SubmitRequest(
          index: index, source: source, uri: "", change: .delete,
          meta: Dictionary(context[meta].map { ($0.key, $0.value) }) { _, last in last }, workflow: workflow,
          passwordFile: try context[SharedParameters.passwordFile].map(absolute), priority: context[priority],
          notBefore: context[at] ?? context[delay].map { context.clock.now + $0 }, idempotencyKey: context[key],
          actor: installation.operations.actor))
      let summary = try await submission.run(selection)
      if !context.console.isJSON { try summary.print(context.console, isDryRun: context[dryRun]) }
      if summary.foundNothing { throw SelectionError.noDocuments(argument: context[paths].joined(separator: " ")) }
      if context[wait], !summary.jobs.isEmpty {
        let ended = try await JobFollower(installation: installation, console: context.console).follow(summary.jobs)
        if ended.completed < summary.jobs.count { throw ExitStatus.failed }
      }
      if let exit = summary.exit { throw exit }
    }
  }

  private static func selectionOptions(_ context: CommandContext) -> SelectionOptions {
    SelectionOptions(
      root: context[root], uri: context[uri], include: context[include], exclude: context[exclude])
  }

  private static func absolute(_ path: String) throws(SelectionError) -> String {
    guard let resolved = realpath(path, nil) else { throw .missing(path: FilePath(path)) }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
