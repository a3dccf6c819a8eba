import IngestApp
import IngestCore
import IngestOperations
import IngestStore

/// Which sources `source pause` and `source resume` act on.
package enum PauseSelection {
  package static let sources = Parameter(arguments: .text("SOURCE"), required: false, summary: "The sources.")
  package static let all = Parameter(flag: "--all", summary: "Everything, whatever the source, in place of names.")
  package static let parameters = [sources.spec, all.spec]

  /// Every name is checked before anything is paused.
  static func scopes(_ context: CommandContext, _ installation: Installation) async throws -> [PauseScope] {
    switch (context[sources].isEmpty, context[all]) {
    case (true, true): return [.everything]
    case (true, false): throw misuse("SOURCE_MISSING", "No source was named.", "Name one, or say --all.")
    case (false, true):
      throw misuse("SOURCE_AND_ALL", "Both a source and --all were given.", "Leave one of them out.")
    case (false, false):
      for name in context[sources] { _ = try await installation.operations(as: context.actor).source(name) }
      return context[sources].map { .source($0) }
    }
  }

  /// A resumed source whose jobs still cannot start, and why.
  static func tellWhatStays(_ context: CommandContext, _ installation: Installation) async throws {
    let pauses = try await installation.store.pauses()
    SourceText.note(pauses, context.console)
    guard context[all] else { return }
    let paused = try await installation.store.sources(SourceFilter(limit: 1000)).filter(\.paused).map(\.source)
    if !paused.isEmpty {
      context.console.note("paused by name, and still so: \(paused.prefix(20).joined(separator: ", "))")
    }
  }

  private static func misuse(_ code: String, _ message: String, _ hint: Hint) -> Failure {
    Failure(.permanent, code: code, message, hint: hint, category: .invalid)
  }
}

/// What a pause or its end changed.
struct PauseLine: Encodable {
  var source: String?
  var workflow: String?
  /// Whether it was everything.
  var all: Bool
  var paused: Bool
  /// Whether it was otherwise before.
  var changed: Bool

  init(_ scope: PauseScope, paused: Bool, changed: Bool) {
    self.paused = paused
    self.changed = changed
    all = scope == .everything
    if case .source(let name) = scope { source = name }
    if case .workflow(let name) = scope { workflow = name }
  }

  func print(_ console: Console) throws {
    try console.json(self)
    let what = source.map { "the source \($0)" } ?? workflow.map { "the workflow \($0)" } ?? "everything"
    let state = paused ? "paused" : "resumed"
    let same = paused ? "was paused already" : "was not paused"
    try console.line(changed ? "\(what.visible) is \(state)" : "\(what.visible) \(same)")
  }
}
