package import IngestCore

/// The jobs that an operation lists or changes: named ones, or all that match every field.
package struct JobQuery: Sendable {
  /// Ids of jobs, or unique beginnings of ids.
  package var ids: [String]
  /// Every job that the operation is for. Not needed beside a field that narrows the query.
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
  /// The earliest end of a job, or its creation if it has not ended.
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
    try JobChoice(subject: "jobs", code: "JOB_SELECTION").require(ids: ids, isNarrowed: isAll || filter.isNarrow)
  }
}

/// The rule that a query of an operation that changes something names its targets in exactly one way.
struct JobChoice {
  /// The targets in the plural, such as "jobs".
  let subject: String
  /// What the codes of the failures begin with.
  let code: String

  /// - Throws: `…_MISSING` without any choice, `…_TWICE` with ids and another one.
  func require(ids: [String], isNarrowed: Bool) throws {
    if ids.isEmpty, !isNarrowed {
      throw Failure(
        .permanent, code: code + "_MISSING", "Neither ids nor a choice such as --source or --all were given.",
        hint: "name \(subject), narrow them down, or say --all", category: .invalid)
    }
    if !ids.isEmpty, isNarrowed {
      throw Failure(
        .permanent, code: code + "_TWICE", "Ids were given and a choice of \(subject) besides.",
        hint: "leave one of them out", category: .invalid)
    }
  }
}

extension JobFilter {
  /// Whether any field other than ``ids`` and ``limit`` leaves something out.
  var isNarrow: Bool {
    source != nil || index != nil || state != nil || code != nil || step != nil || kind != nil || workflow != nil
      || reason != nil || !meta.isEmpty || since != nil || until != nil
  }
}
