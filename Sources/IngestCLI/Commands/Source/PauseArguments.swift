import IngestAPI
import IngestCore
import IngestOperations

/// The arguments of `source pause` and `source resume`.
package enum PauseArguments {
  package static let sources = Parameter(arguments: .text("SOURCE"), required: false, summary: "The sources.")
  package static let all = Parameter(flag: "--all", summary: "The jobs of all sources, instead of names.")
  package static let parameters = [sources.spec, all.spec]

  static func selection(_ context: CommandContext) throws -> PauseSelection {
    try PauseSelection(context[sources], isAll: context[all])
  }
}

/// The result of one pause or resume, as JSON or as a line of text.
struct PauseLine {
  private let change: PauseChange

  init(_ change: PauseChange) { self.change = change }

  init(_ scope: PauseScope, paused: Bool, changed: Bool) {
    change = PauseChange(scope: scope, paused: paused, changed: changed)
  }

  func print(_ console: Console) throws {
    try console.json(PauseResponse(change))
    let what =
      switch change.scope {
      case .everything: "everything"
      case .source(let name): "the source \(name)"
      case .workflow(let name): "the workflow \(name)"
      }
    let state = change.paused ? "paused" : "resumed"
    let same = change.paused ? "was paused already" : "was not paused"
    try console.line(change.changed ? "\(what.visible) is \(state)" : "\(what.visible) \(same)")
  }
}
