package import IngestCore
import IngestOperations

/// The options that choose jobs: by id, or all that match.
package enum JobSelection {
  package static let ids = Parameter(
    arguments: .text("JOB"), required: false, summary: "Ids of jobs, or unique beginnings of at least 4 characters.")
  package static let all = Parameter(
    flag: "--all", summary: "All jobs that the command can change, instead of ids. Not needed with a filter.")
  package static let state = Parameter(
    option: "--state", type: ValueType<JobState>.choice("STATE"), summary: "Only jobs in this state.")
  package static let reason = Parameter(
    option: "--reason", type: ValueType<QueuedReason>.choice("REASON"),
    summary: "Only queued jobs that wait for this reason.")
  package static let workflow = Parameter(
    option: "--workflow", type: .text("NAME"), summary: "Only jobs of this workflow.")
  package static let code = Parameter(
    option: "--code", type: .text("CODE"), summary: "Only those whose error has this code.")
  package static let meta = Parameter(
    repeated: "--meta", type: .keyValue("KEY=VALUE"),
    summary: "Only jobs of documents with this metadata; several must all match.")
  package static let dryRun = Parameter(flag: "--dry-run", summary: "Show what would be done, and change nothing.")

  /// The filters of a list.
  package static let filters = [
    SharedParameters.onlySource.spec, SharedParameters.onlyIndex.spec, workflow.spec, state.spec, reason.spec,
    code.spec,
    meta.spec, SharedParameters.since.spec, SharedParameters.until.spec,
  ]
  /// The parameters of a command that changes many jobs.
  package static let bulk = [ids.spec, all.spec] + filters + [dryRun.spec]

  /// Returns the query for a command that changes jobs.
  static func query(_ context: CommandContext) -> JobQuery {
    var query = filter(context)
    query.ids = context[ids]
    query.isAll = context[all]
    return query
  }

  /// Returns the query of ``filters``, without ids.
  static func filter(_ context: CommandContext) -> JobQuery {
    let now = context.clock.now
    return JobQuery(
      source: context[SharedParameters.onlySource], index: context[SharedParameters.onlyIndex],
      workflow: context[workflow], state: context[state],
      reason: context[reason], code: context[code],
      meta: Dictionary(context[meta].map { ($0.key, $0.value) }) { _, last in last },
      since: context[SharedParameters.since]?.timestamp(now: now),
      until: context[SharedParameters.until]?.timestamp(now: now))
  }
}
