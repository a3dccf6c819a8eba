package import IngestCore
import IngestOperations

/// The options that choose dead letters: by id, or all that match.
package enum DeadSelection {
  package static let ids = Parameter(
    arguments: .text("ID"), required: false,
    summary: "Ids of dead letters, or unique beginnings of at least 4 characters.")
  package static let all = Parameter(
    flag: "--all", summary: "All dead letters, instead of ids. Not needed with a filter.")
  package static let code = Parameter(
    option: "--code", type: .text("CODE"), summary: "Only those with this error code.")
  package static let step = Parameter(
    option: "--step", type: .text("STEP"), summary: "Only those that failed in this step.")
  package static let kind = Parameter(
    option: "--kind", type: ValueType<DeadLetter.Kind>.choice("KIND"),
    summary: "Only jobs, or only chunks that were lost while their document was kept.")
  package static let quarantined = Parameter(
    flag: "--quarantined", summary: "Only those whose content is in quarantine.")
  package static let filters = [
    SharedParameters.onlySource.spec, SharedParameters.onlyIndex.spec, JobSelection.workflow.spec, code.spec, step.spec,
    kind.spec, quarantined.spec, JobSelection.meta.spec, SharedParameters.since.spec, SharedParameters.until.spec,
  ]
  package static let parameters = [ids.spec, all.spec] + filters + [JobSelection.dryRun.spec]

  /// Returns the query for a command that changes or exports dead letters.
  static func query(_ context: CommandContext) -> DeadLetterQuery {
    var query = filter(context)
    query.ids = context[ids]
    query.isAll = context[all]
    return query
  }

  /// Returns the query of ``filters``, without ids.
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
