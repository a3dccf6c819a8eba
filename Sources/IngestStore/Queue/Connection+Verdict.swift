import IngestCore
import IngestSQL

/// What an action makes of one job: decided here alone, so that a dry run says what would be done.
extension Connection {
  /// - Parameter taken: what the same command has given a job to.
  func verdict(
    _ action: JobAction, _ job: JobRow, taken: inout TakenPlaces
  ) throws -> BulkDecision {
    switch action {
    case .cancel:
      switch job.state {
      case .queued, .waiting: return BulkDecision(.cancelled)
      case .running: return BulkDecision(.stopping)
      case .completed, .cancelled, .dead: return BulkDecision(.ended(job))
      }
    case .retry:
      guard job.state == .queued else { return BulkDecision(.notQueued(job)) }
      guard job.reason != QueuedReason.afterPrevious.rawValue else { return BulkDecision(.afterPrevious(job)) }
      return BulkDecision(.due)
    case .purge:
      guard job.state == .dead else { return BulkDecision(.notDead(job.id)) }
      // Its children are still being ended, and only it tells which they are.
      return try isEndingChildren(of: job) ? BulkDecision(.endingChildren(job)) : BulkDecision(.purged)
    case .redrive(let options):
      guard job.state == .dead else { return BulkDecision(.notDead(job.id)) }
      if try isNeedless(job) { return BulkDecision(.superseded) }
      let open = try openJobs(besides: job)
      let place = try place(of: job)
      if open.contains(where: { $0.revision == job.revision }) || taken.holds(place.work) {
        return BulkDecision(.superseded)
      }
      if let refusal = try singletonRefusal(job, place, taken) { return BulkDecision(refusal) }
      do {
        let steps = try stepPlan(
          job, from: options.fromStart ? .start : .whereItStopped, latest: options.latest, blocked: !open.isEmpty)
        taken.take(place, by: job.id)
        return BulkDecision(.redriven, plan: .redrive(steps))
      } catch let failure as Failure {
        return BulkDecision(failure)
      }
    case .replay(let options):
      guard job.state.isEnd else { return BulkDecision(.notFinished(job)) }
      if try isNeedless(job) { return BulkDecision(.needless(job)) }
      let open = try openJobs(besides: job)
      let place = try place(of: job)
      if open.contains(where: { $0.revision == job.revision }) || taken.holds(place.work) {
        return BulkDecision(.documentBusy(job))
      }
      if let refusal = try singletonRefusal(job, place, taken) { return BulkDecision(refusal) }
      do {
        let steps = try stepPlan(
          job, from: options.from.map(StepPlan.From.step) ?? .start, latest: options.latest, blocked: !open.isEmpty)
        if !steps.keptIDs.isEmpty, try !areBlobsKept(job) { return BulkDecision(.checkpointsCollected(job)) }
        taken.take(place, by: job.id)
        return BulkDecision(.replayed, plan: .replay(steps))
      } catch let failure as Failure {
        return BulkDecision(failure)
      }
    }
  }

  /// What an action makes of a chunk's dead letter: it is redriven with its document, by a replay of the job that lost it,
  /// from the step that did. Nil where the action does not take it.
  func verdict(
    _ action: JobAction, _ chunk: DeadLetter, _ run: inout BulkRun
  ) throws -> (BulkDecision, JobRow)? {
    guard let job = try jobRow(JobID(rawValue: chunk.job)) else { return nil }
    switch action {
    case .purge: return (BulkDecision(.purged), job)
    case .redrive(let options):
      // The other chunks of its document went the same way.
      if run.chunksOf.contains(job.id) { return (BulkDecision(.redriven), job) }
      guard job.state != .dead else { return (BulkDecision(.chunkOfDead(job)), job) }
      let replay = ReplayOptions(from: options.fromStart ? nil : chunk.step, latest: options.latest)
      let decision = try verdict(.replay(replay), job, taken: &run.taken)
      guard decision.refusal?.reason == .checkpointsCollected else { return (decision, job) }
      return (try verdict(.replay(ReplayOptions(latest: options.latest)), job, taken: &run.taken), job)
    case .cancel, .retry, .replay: return nil
    }
  }

  func jobRow(_ id: JobID) throws -> JobRow? {
    try first("SELECT \(raw: JobRow.columns) FROM jobs WHERE id = \(id.rawValue)", JobRow.init)
  }

  func uri(of job: JobRow) throws -> String? {
    guard let document = job.document else { return nil }
    return try first("SELECT uri FROM documents WHERE key = \(document)") { $0.text(0) }
  }

  private func isEndingChildren(of job: JobRow) throws -> Bool {
    try first("SELECT 1 FROM families WHERE parent_key = \(job.key) AND closing = 1") { _ in true } ?? false
  }

  private func place(of job: JobRow) throws -> TakenPlaces.Place {
    try first("SELECT task, singleton FROM jobs WHERE key = \(job.key)") { row in
      let work: TakenPlaces.Work? =
        if let document = job.document {
          .document(document, generation: job.generation)
        } else if job.parent == nil, let generation = job.generation {
          .task(row.text(0), generation: generation)
        } else {
          nil
        }
      return TakenPlaces.Place(work: work, singleton: row.optionalText(1))
    } ?? TakenPlaces.Place(work: nil, singleton: nil)
  }

  /// Whether a newer revision or the end of its generation leaves a job nothing to do.
  private func isNeedless(_ job: JobRow) throws -> Bool {
    guard job.generation != nil else { return false }
    let isClosed = try first("SELECT state = 'deleted' FROM generations WHERE key = \(job.generation)") {
      $0.bool(0)
    }
    guard isClosed != true, let document = job.document else { return isClosed == true }
    return try first(
      SQL(named: "verdict.wanted-revision", "SELECT revision FROM documents WHERE key = \(document)")
    ) { $0.int(0) } != job.revision
  }

  /// The other open jobs of its document in its generation; of another job, those of the same task. Jobs without an index
  /// and children stand for themselves, however alike they are.
  private func openJobs(besides job: JobRow) throws -> [JobRow] {
    if job.parent != nil || job.generation == nil { return [] }
    guard let document = job.document else {
      return try rows(
        """
        SELECT \(raw: JobRow.columns) FROM jobs
        WHERE generation_key = \(job.generation) AND document_key IS NULL AND finished_at IS NULL
          AND parent_key IS NULL AND task = (SELECT task FROM jobs WHERE key = \(job.key)) AND key <> \(job.key)
        """, JobRow.init)
    }
    return try rows(
      """
      SELECT \(raw: JobRow.columns) FROM jobs
      WHERE generation_key = \(job.generation) AND document_key = \(document) AND finished_at IS NULL
        AND key <> \(job.key)
      """, JobRow.init)
  }

  private func singletonRefusal(
    _ job: JobRow, _ place: TakenPlaces.Place, _ taken: TakenPlaces
  ) throws -> Failure? {
    let open = try first(
      """
      SELECT o.id FROM jobs j JOIN jobs o ON o.singleton = j.singleton AND o.finished_at IS NULL
        AND o.cancel_requested = 0 AND o.key <> j.key
      WHERE j.key = \(job.key) AND j.singleton IS NOT NULL
      """
    ) { $0.text(0) }
    return (open ?? taken.holder(of: place.singleton)).map { .singletonBusy(job, other: $0) }
  }

  /// Whether every blob that its checkpoints were made of is there still: a finished job holds none of them.
  private func areBlobsKept(_ job: JobRow) throws -> Bool {
    try first(
      """
      SELECT EXISTS (SELECT 1 FROM job_blobs r WHERE r.job_key = \(job.key)
        AND NOT EXISTS (SELECT 1 FROM blobs b WHERE b.key = r.blob_key))
      """
    ) { !$0.bool(0) } ?? true
  }
}

extension Failure {
  static func ended(_ job: JobRow) -> Failure {
    Failure(
      .permanent, code: "JOB_ENDED", "Job \(job.id) has ended already: it is \(job.state.rawValue).",
      hint: job.state == .dead
        ? "\(Action(.deadPurge, "\(job.id)")) forgets a dead letter." : "There is nothing left to cancel.",
      category: .refused)
  }

  static func notQueued(_ job: JobRow) -> Failure {
    let hint: Hint =
      switch job.state {
      case .dead: "It is a dead letter: \(Action(.deadRedrive, "\(job.id)"))."
      case .running, .waiting: "It is under way: \(Action(.jobShow, "\(job.id)"))."
      case .queued, .completed, .cancelled: "\(Action(.jobReplay, "\(job.id)")) runs it again as a new job."
      }
    return Failure(
      .permanent, code: "JOB_NOT_QUEUED", "Job \(job.id) is \(job.state.rawValue), not queued.", hint: hint,
      category: .refused)
  }

  static func afterPrevious(_ job: JobRow) -> Failure {
    Failure(
      .permanent, code: "JOB_NOT_QUEUED", "Job \(job.id) waits for an earlier job of the same document.",
      hint: "It starts by itself when that one has ended.", category: .refused)
  }

  static func notDead(_ id: String) -> Failure {
    Failure(
      .permanent, code: "DEAD_NOT_FOUND", "There is no dead letter '\(id)'.",
      hint: "\(Action(.deadList)) shows them; an id may be cut short to a unique beginning of four or more characters.",
      category: .notFound, reason: .deadLetterNotFound)
  }

  static func chunkOfDead(_ job: JobRow) -> Failure {
    Failure(
      .permanent, code: "CHUNK_OF_DEAD", "The job that lost the chunk, \(job.id), died itself.",
      hint: "Redrive the job: \(Action(.deadRedrive, "\(job.id)")).", category: .refused)
  }

  static func endingChildren(_ job: JobRow) -> Failure {
    Failure(
      .transient, code: "CHILDREN_ENDING", "The children of job \(job.id) are being cancelled still.",
      hint: "Try again in a moment.", category: .later)
  }

  static func notFinished(_ job: JobRow) -> Failure {
    Failure(
      .permanent, code: "JOB_NOT_FINISHED", "Job \(job.id) is \(job.state.rawValue): only a finished job is replayed.",
      hint: "Wait for it with \(Action(.jobWait, "\(job.id)")), or cancel it first.", category: .refused)
  }

  static func needless(_ job: JobRow) -> Failure {
    Failure(
      .permanent, code: "JOB_SUPERSEDED",
      "Job \(job.id) is of a revision that is not wanted any more, or of a generation that is gone.",
      hint: "Replay the document's newest job, or submit the document again.", category: .refused)
  }

  static func documentBusy(_ job: JobRow) -> Failure {
    Failure(
      .permanent, code: "DOCUMENT_BUSY", "Another job does the same work as job \(job.id) at present.",
      hint: "Wait for that one: \(Action(.jobList, with: ["state": "queued"])), `--state running`.", category: .refused)
  }

  static func singletonBusy(_ job: JobRow, other: String) -> Failure {
    Failure(
      .permanent, code: "SINGLETON_BUSY", "Job \(other) is open, and job \(job.id) may not be beside it.",
      hint: "Wait for that one: \(Action(.jobWait, "\(other)")).", category: .refused)
  }

  static func checkpointsCollected(_ job: JobRow) -> Failure {
    Failure(
      .permanent, code: "CHECKPOINTS_COLLECTED", "What the steps of job \(job.id) had made is not kept any more.",
      hint: "Replay it from the first step: leave --from out. What was read and embedded before is found again.",
      category: .refused, reason: .checkpointsCollected)
  }
}
