/// What an action makes of one job. Decided here alone, so that a dry run reports what would be done.
package enum VerdictQuestion: Sendable {
  /// The job itself answers it.
  case decided(BulkDecision)
  /// A dead letter is purged, unless its children are still being ended: only it knows which they are.
  case purge(JobSubject)
  /// It depends on what else is open, and on what is left of its checkpoints.
  case rerun(Rerun)
}

extension JobAction {
  package func question(about job: JobSubject) -> VerdictQuestion {
    switch self {
    case .cancel:
      switch job.state {
      case .queued, .waiting: return .decided(BulkDecision(.cancelled))
      case .running: return .decided(BulkDecision(.stopping))
      case .completed, .cancelled, .dead: return .decided(BulkDecision(.ended(job)))
      }
    case .retry:
      guard job.state == .queued else { return .decided(BulkDecision(.notQueued(job))) }
      guard job.reason != QueuedReason.afterPrevious.rawValue else {
        return .decided(BulkDecision(.afterPrevious(job)))
      }
      return .decided(BulkDecision(.due))
    case .purge:
      guard job.state == .dead else { return .decided(BulkDecision(.notDead(job.id))) }
      return .purge(job)
    case .redrive(let options):
      guard job.state == .dead else { return .decided(BulkDecision(.notDead(job.id))) }
      return .rerun(
        Rerun(job, .redrive, from: options.fromStart ? .start : .whereItStopped, latest: options.latest))
    case .replay(let options):
      guard job.state.isEnd else { return .decided(BulkDecision(.notFinished(job))) }
      return .rerun(Rerun(job, .replay, from: options.from.map(StepPlan.From.step) ?? .start, latest: options.latest))
    }
  }

  /// What the action makes of a chunk's dead letter. A chunk is redriven with its document: by a replay of the job that lost
  /// it, from the step that did, or from the first where the checkpoints before that are not kept any more.
  /// - Parameters:
  ///   - job: the job that lost the chunk at `step`.
  ///   - isRedriven: whether the same command has redriven another chunk of the job.
  /// - Returns: nil where the action does not take chunks.
  package func question(
    aboutChunkLostAt step: String?, of job: JobSubject, isRedriven: Bool
  ) -> VerdictQuestion? {
    switch self {
    case .purge: return .decided(BulkDecision(.purged))
    case .redrive(let options):
      if isRedriven { return .decided(BulkDecision(.redriven)) }
      guard job.state != .dead else { return .decided(BulkDecision(.chunkOfDead(job))) }
      guard job.state.isEnd else { return .decided(BulkDecision(.notFinished(job))) }
      let from = options.fromStart ? nil : step
      var rerun = Rerun(job, .replay, from: from.map(StepPlan.From.step) ?? .start, latest: options.latest)
      rerun.fallsBackToStart = true
      return .rerun(rerun)
    case .cancel, .retry, .replay: return nil
    }
  }
}

extension BulkDecision {
  /// The answer to ``VerdictQuestion/purge(_:)``.
  package init(purging job: JobSubject, isEndingChildren: Bool) {
    self = isEndingChildren ? BulkDecision(.endingChildren(job)) : BulkDecision(.purged)
  }
}

/// A job that is to run again, and what speaks against it.
package struct Rerun: Sendable {
  package enum Kind: Sendable {
    /// A dead letter continues.
    case redrive
    /// A new job does the same.
    case replay
  }

  package let job: JobSubject
  package let kind: Kind
  private let from: StepPlan.From
  private let latest: [String: PinnedWorkflow]?
  /// Whether checkpoints that are not kept any more are done again rather than refused.
  fileprivate(set) var fallsBackToStart = false

  init(_ job: JobSubject, _ kind: Kind, from: StepPlan.From, latest: [String: PinnedWorkflow]?) {
    self.job = job
    self.kind = kind
    self.from = from
    self.latest = latest
  }

  /// Whether ``RerunFacts/areBlobsKept`` matters: a dead letter keeps its blobs.
  package var reliesOnBlobs: Bool {
    switch kind {
    case .redrive: false
    case .replay: from != .start
    }
  }

  /// - Parameter taken: what the same command has given a job to.
  package func decide(_ facts: RerunFacts, taken: inout BulkReservations) -> BulkDecision {
    if isNeedless(facts) {
      switch kind {
      case .redrive: return BulkDecision(.superseded)
      case .replay: return BulkDecision(.needless(job))
      }
    }
    let place = place(facts)
    if facts.openRevisions.contains(job.revision) || taken.holds(place.work) {
      switch kind {
      case .redrive: return BulkDecision(.superseded)
      case .replay: return BulkDecision(.documentBusy(job))
      }
    }
    if let other = facts.singletonHolder ?? taken.holder(of: place.singleton) {
      return BulkDecision(.singletonBusy(job, other: other))
    }
    do {
      var steps = try plan(facts, from: from)
      if reliesOnBlobs, !steps.keptIDs.isEmpty, !facts.areBlobsKept {
        guard fallsBackToStart else { return BulkDecision(.checkpointsCollected(job)) }
        steps = try plan(facts, from: .start)
      }
      taken.take(place, by: job.id)
      switch kind {
      case .redrive: return BulkDecision(.redriven, plan: .redrive(steps))
      case .replay: return BulkDecision(.replayed, plan: .replay(steps))
      }
    } catch {
      return BulkDecision(error)
    }
  }

  private func plan(_ facts: RerunFacts, from: StepPlan.From) throws(Failure) -> StepPlan {
    try StepPlan(
      own: facts.workflow, latest: latest, from: from, finished: facts.finished,
      isBlocked: !facts.openRevisions.isEmpty)
  }

  /// Whether a newer revision or the end of its generation leaves the job nothing to do.
  private func isNeedless(_ facts: RerunFacts) -> Bool {
    guard job.generation != nil else { return false }
    return facts.isGenerationGone || job.document != nil && facts.wantedRevision != job.revision
  }

  /// Jobs without an index and children stand for themselves, however alike they are.
  private func place(_ facts: RerunFacts) -> BulkReservations.Place {
    let work: BulkReservations.Work? =
      if let document = job.document {
        .document(document, generation: job.generation)
      } else if !job.isChild, let generation = job.generation {
        .task(facts.task, generation: generation)
      } else {
        nil
      }
    return BulkReservations.Place(work: work, singleton: facts.singleton)
  }
}
