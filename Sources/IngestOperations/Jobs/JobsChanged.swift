package import IngestCore

/// The result of an action on jobs, or of its dry run.
package struct JobsChanged: Sendable {
  /// The result for one job that the query named.
  package struct Named: Sendable {
    /// The id as it was given.
    package var id: String
    /// Nil for an id that no job was found for.
    package var job: JobID?
    package var result: Result<Change, Failure>
  }

  /// A job that the action changed, or would change.
  package struct Change: Sendable {
    package var job: JobID
    /// The state of the job after the action.
    package var state: JobState
    package var verdict: JobVerdict
    /// The reason why a job that is due now does not start yet; nil if it can start.
    package var wait: Hint?
  }

  /// One for each id of the query, in its order; empty if the query names none.
  package var named: [Named] = []
  /// All jobs of the result, those of ``named`` included.
  package var report: BulkReport

  /// The failures of ids without a job. They are not in ``report``.
  package var unresolved: [Failure] {
    named.compactMap { named in
      guard case .failure(let failure) = named.result, named.job == nil else { return nil }
      return failure
    }
  }

  /// The first refusal of a named job. Nil if the query named no jobs: then a job that cannot be changed is left out.
  package var refusal: Failure? {
    for case .failure(let failure) in named.map(\.result) { return failure }
    return nil
  }
}
