package import IngestCore

/// The jobs that an operation lists or changes: named ones, or all that match every field.
package struct JobQuery: Sendable {
  /// Ids of jobs, or unique beginnings of ids.
  package var ids: [String]
  /// Selects every job that the operation applies to. Not needed beside a field that narrows the query.
  package var isAll: Bool
  package var source: String?
  package var index: String?
  package var workflow: String?
  package var state: JobState?
  package var reason: QueuedReason?
  /// The code of the job's error.
  package var code: String?
  /// Entries that the document's metadata must have.
  package var meta: [String: String]
  /// Only jobs that ended at or after this time, or were created then if they have not ended.
  package var since: Timestamp?
  package var until: Timestamp?

  package init(
    ids: [String] = [], isAll: Bool = false, source: String? = nil, index: String? = nil, workflow: String? = nil,
    state: JobState? = nil, reason: QueuedReason? = nil, code: String? = nil, meta: [String: String] = [:],
    since: Timestamp? = nil, until: Timestamp? = nil
  ) {
    self.ids = ids
    self.isAll = isAll
    self.source = source
    self.index = index
    self.workflow = workflow
    self.state = state
    self.reason = reason
    self.code = code
    self.meta = meta
    self.since = since
    self.until = until
  }
}

extension JobQuery {
  /// The fields without ``ids``, which the store has to resolve first.
  var filter: JobFilter {
    JobFilter(
      source: source, index: index, state: state, code: code, workflow: workflow, reason: reason, meta: meta,
      since: since, until: until, limit: Int.max)
  }

  /// Checks that the query names jobs or narrows them down, and does not do both: an operation changes all jobs only if
  /// ``isAll`` says so.
  /// - Throws: `JOB_SELECTION_MISSING`, `JOB_SELECTION_TWICE`.
  func requireChoice() throws {
    try TargetChoice.jobs.require(isNamed: !ids.isEmpty, isChosen: isAll || filter.isNarrow)
  }
}

extension JobFilter {
  /// Whether any field other than ``ids`` and ``limit`` leaves something out.
  var isNarrow: Bool {
    source != nil || index != nil || state != nil || code != nil || step != nil || kind != nil || workflow != nil
      || reason != nil || !meta.isEmpty || since != nil || until != nil
  }
}
