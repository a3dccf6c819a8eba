import IngestCore
import IngestSQL

/// Verdicts on actions: loads the facts about one job, and asks ``JobAction`` to decide.
extension Connection {
  /// Decides what an action does to one job.
  /// - Parameter taken: what the same command has already reserved for other jobs.
  func verdict(_ action: JobAction, _ job: JobRow, taken: inout BulkReservations) throws -> BulkDecision {
    try answer(action.question(about: job.subject), job, &taken)
  }

  /// Decides what an action does to the dead letter of a chunk.
  /// - Returns: nil if the action does not apply to the chunk.
  func verdict(
    _ action: JobAction, _ chunk: DeadLetter, _ run: inout BulkRun
  ) throws -> (BulkDecision, JobRow)? {
    guard let job = try jobRow(JobID(rawValue: chunk.job)) else { return nil }
    let question = action.question(
      aboutChunkLostAt: chunk.step, of: job.subject, isRedriven: run.chunksOf.contains(job.id))
    guard let question else { return nil }
    return (try answer(question, job, &run.taken), job)
  }

  func jobRow(_ id: JobID) throws -> JobRow? {
    try first("SELECT \(raw: JobRow.columns) FROM jobs WHERE id = \(id.rawValue)", JobRow.init)
  }

  func uri(of job: JobRow) throws -> String? {
    guard let document = job.document else { return nil }
    return try first("SELECT uri FROM documents WHERE key = \(document)") { $0.text(0) }
  }

  private func answer(
    _ question: VerdictQuestion, _ job: JobRow, _ taken: inout BulkReservations
  ) throws -> BulkDecision {
    switch question {
    case .decided(let decision): return decision
    case .purge(let subject): return BulkDecision(purging: subject, isEndingChildren: try isEndingChildren(of: job))
    case .rerun(let rerun): return rerun.decide(try facts(of: job, rerun), taken: &taken)
    }
  }

  private func isEndingChildren(of job: JobRow) throws -> Bool {
    try first("SELECT 1 FROM child_groups WHERE parent_key = \(job.key) AND closing = 1") { _ in true } ?? false
  }

  private func facts(of job: JobRow, _ rerun: Rerun) throws -> RerunFacts {
    let loaded = try first(
      SQL(
        named: "verdict.facts",
        """
        SELECT w.hash, w.definition, j.task, j.singleton, coalesce(g.state = 'deleted', 0),
          (SELECT revision FROM documents WHERE key = j.document_key),
          (SELECT o.id FROM jobs o WHERE o.singleton = j.singleton AND o.finished_at IS NULL
            AND o.cancel_requested = 0 AND o.key <> j.key)
        FROM jobs j JOIN workflows w ON w.key = j.workflow_key LEFT JOIN generations g ON g.key = j.generation_key
        WHERE j.key = \(job.key)
        """)
    ) { row in
      RerunFacts(
        isGenerationGone: row.bool(4), wantedRevision: row.optionalInt(5), task: row.text(2),
        singleton: row.optionalText(3), singletonHolder: row.optionalText(6),
        workflow: PinnedWorkflow(
          version: ContentHash(rawValue: row.text(0)),
          definition: try JSONText.decode(WorkflowDefinition.self, row.text(1))))
    }
    guard var facts = loaded else { throw Failure.damaged("job \(job.id) has no workflow") }
    facts.openRevisions = try openRevisions(besides: job)
    facts.finished = try rows(
      "SELECT position, step FROM steps WHERE job_key = \(job.key) AND finished_at IS NOT NULL"
    ) { StepPlan.Finished(position: $0.int(0), id: $0.text(1)) }
    if rerun.reliesOnBlobs { facts.areBlobsKept = try areBlobsKept(job) }
    return facts
  }

  /// Returns the revisions of the other open jobs of the same document in the same generation. For a job without a
  /// document, these are the other open jobs of the same task.
  private func openRevisions(besides job: JobRow) throws -> [Int?] {
    if job.parent != nil || job.generation == nil { return [] }
    guard let document = job.document else {
      return try rows(
        """
        SELECT revision FROM jobs
        WHERE generation_key = \(job.generation) AND document_key IS NULL AND finished_at IS NULL
          AND parent_key IS NULL AND task = (SELECT task FROM jobs WHERE key = \(job.key)) AND key <> \(job.key)
        """
      ) { $0.optionalInt(0) }
    }
    return try rows(
      """
      SELECT revision FROM jobs
      WHERE generation_key = \(job.generation) AND document_key = \(document) AND finished_at IS NULL
        AND key <> \(job.key)
      """
    ) { $0.optionalInt(0) }
  }

  private func areBlobsKept(_ job: JobRow) throws -> Bool {
    try first(
      """
      SELECT EXISTS (SELECT 1 FROM job_blobs r WHERE r.job_key = \(job.key)
        AND NOT EXISTS (SELECT 1 FROM blobs b WHERE b.key = r.blob_key))
      """
    ) { !$0.bool(0) } ?? true
  }
}

extension JobRow {
  fileprivate var subject: JobSubject {
    JobSubject(
      id: id, state: state, reason: reason, revision: revision, document: document, generation: generation,
      isChild: parent != nil)
  }
}
