import IngestApp
package import IngestCore
import IngestOperations

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

  /// The dead letters that the command line names or selects.
  static func query(_ context: CommandContext) -> DeadLetterQuery {
    var query = filter(context)
    query.ids = context[ids]
    query.isAll = context[all]
    return query
  }

  /// The dead letters that ``filters`` select.
  static func filter(_ context: CommandContext) -> DeadLetterQuery {
    let now = context.clock.now
    return DeadLetterQuery(
      source: context[SharedParameters.onlySource], index: context[SharedParameters.onlyIndex],
      workflow: context[JobSelection.workflow], code: context[code],
      step: context[step], kind: context[kind], isQuarantined: context[quarantined],
      meta: Dictionary(context[JobSelection.meta].map { ($0.key, $0.value) }) { _, last in last },
      since: context[SharedParameters.since]?.timestamp(now: now),
      until: context[SharedParameters.until]?.timestamp(now: now))
  }
}
