package import IngestCore

extension Operations {
  /// Returns the jobs that match, newest first, without their steps.
  /// - Throws: `INDEX_NOT_FOUND`.
  package func jobs(_ query: JobQuery, limit: Int) async throws -> [JobReport] {
    var filter = try await checked(query)
    filter.limit = limit
    return try await jobs.jobs(filter)
  }

  /// Returns the jobs with these ids, newest first, without their steps. Jobs that are gone are left out.
  package func jobs(of ids: [JobID]) async throws -> [JobReport] {
    try await jobs.jobs(JobFilter(ids: ids, limit: ids.count))
  }

  /// Returns the ids that the texts stand for, in their order, each once.
  /// - Throws: `JOB_NOT_FOUND`, `JOB_AMBIGUOUS`.
  package func jobIDs(_ texts: [String]) async throws -> [JobID] {
    var ids: [JobID] = []
    for text in texts {
      let id = try await jobs.resolveJob(text)
      if !ids.contains(id) { ids.append(id) }
    }
    return ids
  }

  /// Cancels queued and waiting jobs, and asks running ones to stop at the next safe point.
  /// - Throws: `JOB_SELECTION_MISSING`, `JOB_SELECTION_TWICE`, `INDEX_NOT_FOUND`.
  package func cancelJobs(_ query: JobQuery, dryRun: Bool) async throws -> JobsChanged {
    try await change(query, .cancel, dryRun: dryRun)
  }

  /// Makes queued jobs due now. Limits and pauses still apply.
  /// - Throws: as ``cancelJobs(_:dryRun:)``.
  package func retryJobs(_ query: JobQuery, dryRun: Bool) async throws -> JobsChanged {
    try await change(query, .retry, dryRun: dryRun)
  }

  /// Runs finished jobs again, as new jobs. A query without ids and state selects the completed ones.
  /// - Parameters:
  ///   - step: the step to begin with; the results of those before it are inherited. Nil is the first step.
  ///   - latest: whether the new jobs take the newest version of their workflow. They inherit the results of the leading
  ///     steps that are the same in both versions.
  /// - Throws: as ``cancelJobs(_:dryRun:)``, and `JOB_NOT_FOUND` or `JOB_AMBIGUOUS` before any job is replayed.
  package func replayJobs(
    _ query: JobQuery, from step: String?, latest: Bool, dryRun: Bool
  ) async throws -> BulkReport {
    var filter = try await checked(query)
    try query.requireChoice()
    if !query.ids.isEmpty { filter.ids = try await jobIDs(query.ids) }
    let options = ReplayOptions(from: step, latest: latest ? try newestWorkflows() : nil)
    return try await jobs.act(.replay(options), on: filter, dryRun: dryRun, actor: actorText)
  }

  /// Returns the newest version of every workflow that can run, by name.
  func newestWorkflows() throws -> [String: PinnedWorkflow] {
    Dictionary(try workflows.listing().workflows.map { ($0.definition.name, $0.pinned) }) { first, _ in first }
  }

  /// Returns the query's fields as a filter. An unknown index is a mistake and not a filter without matches.
  private func checked(_ query: JobQuery) async throws -> JobFilter {
    if let index = query.index { _ = try await generations.list(index) }
    return query.filter
  }

  private func change(_ query: JobQuery, _ action: JobAction, dryRun: Bool) async throws -> JobsChanged {
    let filter = try await checked(query)
    try query.requireChoice()
    guard !query.ids.isEmpty else {
      return JobsChanged(report: try await jobs.act(action, on: filter, dryRun: dryRun, actor: actorText))
    }
    return try await change(each: query.ids, action, dryRun: dryRun)
  }

  /// Changes each named job by itself, so that a refusal of one does not affect the others.
  private func change(each ids: [String], _ action: JobAction, dryRun: Bool) async throws -> JobsChanged {
    var changed = JobsChanged(report: BulkReport(isDryRun: dryRun))
    var known: Set<JobID> = []
    for text in ids {
      var job: JobID?
      do {
        let id = try await jobs.resolveJob(text)
        guard known.insert(id).inserted else { continue }
        job = id
        let line = try await line(id, action, dryRun: dryRun)
        changed.report.add(line)
        if let refusal = line.refusal { throw refusal }
        let change = JobsChanged.Change(
          job: id, state: try await state(of: id, after: line.verdict), verdict: line.verdict,
          wait: dryRun ? nil : try await wait(of: id, after: line.verdict))
        changed.named.append(.init(id: text, job: job, result: .success(change)))
      } catch let failure as Failure {
        changed.named.append(.init(id: text, job: job, result: .failure(failure)))
      }
    }
    return changed
  }

  private func line(_ job: JobID, _ action: JobAction, dryRun: Bool) async throws -> BulkReport.Line {
    let report = try await jobs.act(action, on: JobFilter(ids: [job]), dryRun: dryRun, actor: actorText)
    if let line = report.lines.first { return line }
    // If the job was purged since its id was resolved, this throws.
    _ = try await jobs.job(job)
    throw Failure(
      .transient, code: "JOB_CHANGED", "Job \(job) changed at the same moment.", hint: "Try again.", category: .later)
  }

  private func state(of job: JobID, after verdict: JobVerdict) async throws -> JobState {
    switch verdict {
    case .cancelled, .superseded: .cancelled
    case .stopping: .running
    case .due, .redriven: .queued
    case .replayed, .purged, .refused: try await jobs.job(job).state
    }
  }

  /// Returns the reason why a job that was made due does not start yet.
  private func wait(of job: JobID, after verdict: JobVerdict) async throws -> Hint? {
    guard verdict == .due else { return nil }
    let report = try await jobs.job(job)
    return report.state == .queued && report.reason != QueuedReason.ready.rawValue ? report.explanation : nil
  }
}
