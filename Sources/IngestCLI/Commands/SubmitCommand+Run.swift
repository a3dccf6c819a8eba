import IngestApp
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
    if context[key] == nil, context[keyLife] != nil {
      throw invalid("KEY_MISSING", "--key-ttl is for a --key, and none is given.", "Give --key as well.")
    }
    let debouncing = try debouncing(context)
    let start = try start(context)
    try await context.withInstallation { installation in
      let workflow = try installation.workflowLibrary
        .get(context[workflow]).pinned
      let selection = try FileSelection(context[paths], selectionOptions(context))
      if !context[dryRun] {
        try await installation.takeOverFlow(as: context.actor)
        try await installation.requireIndex(index, as: context.actor)
      }
      let submission = Submission(
        installation: installation, console: context.console, actor: context.actor, isDryRun: context[dryRun],
        template: SubmitRequest(
          index: index, source: source, uri: "", change: .delete,
          meta: Dictionary(context[meta].map { ($0.key, $0.value) }) { _, last in last }, workflow: workflow,
          passwordFile: try context[SharedParameters.passwordFile].map(absolute), priority: context[priority],
          notBefore: start, idempotencyKey: context[key],
          keyLife: context[keyLife] ?? installation.configuration.idempotency.life, debounce: debouncing,
          actor: context.actor.description))
      let summary =
        context[sync]
        ? try await submission.sync(
          folder(context), selectionOptions(context), allowsEmpty: context[allowEmpty],
          removal: try installation.workflow("delete"))
        : try await submission.run(selection)
      if !context.console.isJSON { try summary.print(context.console, isDryRun: context[dryRun]) }
      if summary.foundNothing { throw SelectionError.noDocuments(argument: context[paths].joined(separator: " ")) }
      if context[wait], !summary.jobs.isEmpty {
        let ended = try await JobFollower(installation: installation, console: context.console).follow(summary.jobs)
        if ended.completed < summary.jobs.count { throw ExitStatus.failed }
      }
      if let exit = summary.exit { throw exit }
    }
  }

  /// The one folder that `--sync` compares with.
  private static func folder(_ context: CommandContext) throws -> String {
    guard context[paths].count == 1 else {
      throw invalid("SYNC_NEEDS_FOLDER", "--sync compares with one folder.", "Give one, and nothing else.")
    }
    return context[paths][0]
  }

  private static func selectionOptions(_ context: CommandContext) -> SelectionOptions {
    SelectionOptions(
      root: context[root], uri: context[uri], include: context[include], exclude: context[exclude])
  }

  /// Past times are now; a time that only a slip of the pen explains is refused.
  private static func start(_ context: CommandContext) throws(Failure) -> Timestamp? {
    let now = context.clock.now
    guard let start = context[at] ?? context[delay].map({ now + $0 }) else { return nil }
    guard start <= now + farthest else {
      throw invalid("START_TOO_FAR", "The jobs would start more than ten years from now.", "Check --at or --delay.")
    }
    return start
  }

  private static func debouncing(_ context: CommandContext) throws(Failure) -> Debounce? {
    guard let period = context[debounce] else {
      guard context[debounceLongest] == nil else {
        throw invalid("DEBOUNCE_MISSING", "--debounce-longest needs --debounce.", "Give --debounce as well.")
      }
      return nil
    }
    let longest = context[debounceLongest] ?? min(period * 10, farthest)
    guard period > .zero, period <= longest, longest <= farthest else {
      throw invalid(
        "DEBOUNCE_INVALID", "A debounce of \(period.compact), \(longest.compact) at the longest, makes no sense.",
        "--debounce is longer than nothing and no longer than --debounce-longest, which is at most ten years.")
    }
    return Debounce(period: period, longest: longest)
  }

  private static let farthest: Duration = .seconds(3653 * 86_400)

  private static func invalid(_ code: String, _ message: String, _ hint: Hint) -> Failure {
    Failure(.permanent, code: code, message, hint: hint, category: .invalid)
  }

  private static func absolute(_ path: String) throws(SelectionError) -> String {
    guard let resolved = realpath(path, nil) else { throw .missing(path: FilePath(path)) }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
