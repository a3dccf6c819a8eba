/// The facts that decide what an action does to one job. Only this code decides, so that a dry run reports what the
/// action would do.
package enum VerdictQuestion: Sendable {
  /// The job itself is enough for the decision.
  case decided(BulkDecision)
  /// A dead letter can be purged unless its children are still being cancelled, which only the store knows.
  case purge(JobSubject)
  /// The answer depends on the other open jobs, and on the checkpoints that are left.
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

  /// Returns the question about a chunk's dead letter. A chunk is redriven with its document: a replay of the job that
  /// lost it starts from the step that lost it, or from the first step where the earlier checkpoints are no longer
  /// stored.
  /// - Parameters:
  ///   - job: the job that lost the chunk at `step`.
  ///   - isRedriven: whether the same command has already redriven another chunk of the job.
  /// - Returns: nil if the action does not apply to chunks.
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
  /// Answers ``VerdictQuestion/purge(_:)``.
  package init(purging job: JobSubject, isEndingChildren: Bool) {
    self = isEndingChildren ? BulkDecision(.endingChildren(job)) : BulkDecision(.purged)
  }
}

/// A job that is to run again, and the checks that can refuse it.
package struct Rerun: Sendable {
  package enum Kind: Sendable {
    /// A dead letter continues.
    case redrive
    /// A new job repeats it.
    case replay
  }

  package let job: JobSubject
  package let kind: Kind
  private let from: StepPlan.From
  private let latest: [String: PinnedWorkflow]?
  /// Whether steps whose checkpoints are no longer stored run again; otherwise the rerun is refused.
  fileprivate(set) var fallsBackToStart = false

  init(_ job: JobSubject, _ kind: Kind, from: StepPlan.From, latest: [String: PinnedWorkflow]?) {
    self.job = job
    self.kind = kind
    self.from = from
    self.latest = latest
  }

  /// Whether ``RerunFacts/areBlobsKept`` matters. A dead letter always keeps its blobs.
  package var reliesOnBlobs: Bool {
    switch kind {
    case .redrive: false
    case .replay: from != .start
    }
  }

  /// - Parameter taken: the reservations of the same command.
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

  /// Returns whether the job has nothing to do, because of a newer revision or because its generation is gone.
  private func isNeedless(_ facts: RerunFacts) -> Bool {
    guard job.generation != nil else { return false }
    return facts.isGenerationGone || job.document != nil && facts.wantedRevision != job.revision
  }

  /// Returns the reservation that the job needs. Jobs without an index and children conflict with no other job, even
  /// when they are alike.
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
