import IngestApp
package import IngestCore
import IngestStore

/// Which dead letters a list shows or a command acts on: named ones, or all that match.
package enum DeadSelection {
  package static let ids = Parameter(
    arguments: .text("ID"), required: false, summary: "Ids of dead letters, or beginnings of them.")
  package static let all = Parameter(
    flag: "--all", summary: "All that the other options leave, in place of ids.")
  package static let code = Parameter(
    option: "--code", type: .text("CODE"), summary: "Only those that died of this error code.")
  package static let step = Parameter(
    option: "--step", type: .text("STEP"), summary: "Only those that died in this step.")
  package static let kind = Parameter(
    option: "--kind", type: ValueType<DeadLetter.Kind>.choice("KIND"),
    summary: "Only jobs, or only chunks that were lost though their document was not.")
  package static let quarantined = Parameter(
    flag: "--quarantined", summary: "Only those whose content is in quarantine.")
  package static let filters = [
    SharedParameters.onlySource.spec, SharedParameters.onlyIndex.spec, JobSelection.workflow.spec, code.spec, step.spec,
    kind.spec, quarantined.spec, JobSelection.meta.spec, SharedParameters.since.spec, SharedParameters.until.spec,
  ]
  package static let parameters = [ids.spec, all.spec] + filters + [JobSelection.dryRun.spec]

  /// What the options other than ids leave.
  static func filter(_ context: CommandContext, _ installation: Installation) async throws -> JobFilter {
    let index = context[SharedParameters.onlyIndex]
    if let index { _ = try await installation.store.list(index) }
    if context[quarantined], let code = context[code], code != quarantineCode {
      throw Failure(
        .permanent, code: "DEAD_SELECTION_TWICE", "--quarantined and --code \(code) leave nothing together.",
        hint: "leave one of them out", category: .invalid)
    }
    return JobFilter(
      source: context[SharedParameters.onlySource], index: index,
      code: context[quarantined] ? quarantineCode : context[code], step: context[step], kind: context[kind],
      workflow: context[JobSelection.workflow],
      meta: Dictionary(context[JobSelection.meta].map { ($0.key, $0.value) }) { _, last in last },
      since: context[SharedParameters.since]?.timestamp(now: context.clock.now),
      until: context[SharedParameters.until]?.timestamp(now: context.clock.now), limit: Int.max)
  }

  /// What a job dies of when its content is in quarantine.
  private static let quarantineCode = "QUARANTINED"

  /// The dead letters to act on: nothing happens to all of them unless that was said.
  static func selected(_ context: CommandContext, _ installation: Installation) async throws -> JobFilter {
    var filter = try await filter(context, installation)
    try JobSelection.check(
      ids: context[ids].count, isAll: context[all], filter: filter, what: "dead letters", code: "DEAD_SELECTION")
    guard !context[ids].isEmpty else { return filter }
    var chosen: [JobID] = []
    for text in context[ids] {
      let id = try await installation.store.resolveDead(text)
      if !chosen.contains(id) { chosen.append(id) }
    }
    filter.ids = chosen
    return filter
  }
}
