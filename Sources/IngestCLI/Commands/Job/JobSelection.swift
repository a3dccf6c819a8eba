import IngestApp
package import IngestCore
import IngestOperations

/// Which jobs a list shows or a command acts on: named ones, or all that match.
package enum JobSelection {
  package static let ids = Parameter(
    arguments: .text("JOB"), required: false, summary: "Ids of jobs, or beginnings of them that no other job has.")
  package static let all = Parameter(
    flag: "--all", summary: "All jobs that the command is for; not needed beside another choice.")
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
    repeated: "--meta", type: .keyValue("KEY=VALUE"), summary: "Only documents with this metadata; all of several.")
  package static let dryRun = Parameter(flag: "--dry-run", summary: "Say what would be done, and change nothing.")

  /// What narrows a list.
  package static let filters = [
    SharedParameters.onlySource.spec, SharedParameters.onlyIndex.spec, workflow.spec, state.spec, reason.spec,
    code.spec,
    meta.spec, SharedParameters.since.spec, SharedParameters.until.spec,
  ]
  /// What a command over many jobs takes.
  package static let bulk = [ids.spec, all.spec] + filters + [dryRun.spec]

  /// The jobs that the command line names or selects.
  static func query(_ context: CommandContext) -> JobQuery {
    var query = filter(context)
    query.ids = context[ids]
    query.isAll = context[all]
    return query
  }

  /// The jobs that ``filters`` select.
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
