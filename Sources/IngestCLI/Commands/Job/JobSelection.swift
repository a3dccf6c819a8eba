import IngestApp
package import IngestCore
import IngestStore

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

  static func filter(_ context: CommandContext, _ installation: Installation) async throws -> JobFilter {
    let index = context[SharedParameters.onlyIndex]
    if let index { _ = try await installation.store.list(index) }
    return JobFilter(
      source: context[SharedParameters.onlySource], index: index, state: context[state], code: context[code],
      workflow: context[workflow], reason: context[reason],
      meta: Dictionary(context[meta].map { ($0.key, $0.value) }) { _, last in last },
      since: context[SharedParameters.since]?.timestamp(now: context.clock.now),
      until: context[SharedParameters.until]?.timestamp(now: context.clock.now), limit: Int.max)
  }

  /// The jobs to act on: nothing happens to all of them unless that was said.
  /// - Parameter resolve: whether ids are looked up here; else the caller does it, one by one.
  static func selected(
    _ context: CommandContext, _ installation: Installation, resolve: Bool = true
  ) async throws -> JobFilter {
    var filter = try await filter(context, installation)
    try check(
      ids: context[ids].count, isAll: context[all], filter: filter, what: "jobs", code: "JOB_SELECTION")
    guard resolve, !context[ids].isEmpty else { return filter }
    var chosen: [JobID] = []
    for text in context[ids] {
      let id = try await installation.store.resolveJob(text)
      if !chosen.contains(id) { chosen.append(id) }
    }
    filter.ids = chosen
    return filter
  }

  /// - Throws: `…_MISSING` without any choice, `…_TWICE` with ids and another one.
  static func check(ids: Int, isAll: Bool, filter: JobFilter, what: String, code: String) throws {
    let isFiltered = isAll || filter.isNarrow
    if ids == 0, !isFiltered {
      throw Failure(
        .permanent, code: code + "_MISSING", "Neither ids nor a choice such as --source or --all were given.",
        hint: "name \(what), narrow them down, or say --all", category: .invalid)
    }
    if ids > 0, isFiltered {
      throw Failure(
        .permanent, code: code + "_TWICE", "Ids were given and a choice of \(what) besides.",
        hint: "leave one of them out", category: .invalid)
    }
  }
}

extension JobFilter {
  /// Whether it leaves anything out.
  var isNarrow: Bool {
    source != nil || index != nil || state != nil || code != nil || step != nil || kind != nil || workflow != nil
      || reason != nil || !meta.isEmpty || since != nil || until != nil
  }
}
