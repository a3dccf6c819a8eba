private import FoundationEssentials
import IngestCore

/// Which worker holds which job, and which may still write.
extension Oracle {
  private func facts(of job: ClaimedJob) -> JobFacts {
    if let known = jobs[job.lease.job] { return known }
    let decoder = JSONDecoder()
    let id = job.lease.job.rawValue
    if let task = try? decoder.decode(DocumentTask.self, from: Data(job.task.utf8)) {
      return JobFacts(
        label: "\(task.uri) revision \(task.revision) in generation \(task.generation)",
        topics: [task.uri, id],
        document: task.document, revision: task.revision, generation: task.generation,
        source: task.source)
    }
    if let task = try? decoder.decode(GenerationTask.self, from: Data(job.task.utf8)) {
      return JobFacts(label: "the filling of generation \(task.generation)", topics: [id])
    }
    if let start = try? decoder.decode(StartInput.self, from: Data(job.task.utf8)) {
      return JobFacts(label: "start \(start.start)", topics: [id], source: start.items.isEmpty ? start.source : nil)
    }
    return JobFacts(label: "job \(id.suffix(6))", topics: [id])
  }

  func label(_ job: JobID) -> String { jobs[job]?.label ?? "job \(job.rawValue.suffix(6))" }

  func claimed(_ claimed: [ClaimedJob], for lease: Duration, by host: WorkerHost) {
    for job in claimed {
      var facts = facts(of: job)
      let fence = job.lease.fence
      if fence <= facts.fence {
        broken(
          .lateWorkers,
          "\(host.name) got \(facts.label) with fence \(fence), although fence \(facts.fence) was already issued.",
          about: facts.topics)
      }
      if let holder = facts.holder, !deadWorkers.contains(holder), facts.boot == machine.bootID,
        facts.leasedUntil > machine.uptime
      {
        broken(
          .lateWorkers,
          "\(host.name) got \(facts.label) while the lease of \(holder) is valid for another "
            + "\((facts.leasedUntil - machine.uptime) / 1000) ms.", about: facts.topics)
      }
      if let granted = job.grantedAt, let source = facts.source,
        let wrong = limits.start(source, at: granted)
      {
        broken(.limitsHold, wrong, about: facts.topics)
      }
      let kept = Set(job.steps.filter { $0.result != nil }.map(\.id))
      if let lost = facts.done.subtracting(kept).sorted().first {
        broken(
          .stepsRunOnce,
          "The checkpoint of \(lost) of \(facts.label) was acknowledged, but \(host.name) did not get it.",
          about: facts.topics)
      }
      if let document = facts.document, let revision = facts.revision,
        let generation = facts.generation,
        let newer = held[generation]?[document]?.revision, newer > revision
      {
        broken(
          .indexIsCatalogue,
          "\(host.name) got \(facts.label), although the generation holds revision \(newer): "
            + "an older revision must not run after it.",
          about: facts.topics)
      }
      facts.fence = max(facts.fence, fence)
      facts.holder = job.lease.worker
      facts.leasedUntil = machine.uptime + lease.microseconds
      facts.boot = machine.bootID
      jobs[job.lease.job] = facts
      trace.note(
        host.name,
        "claims \(facts.label) (fence \(fence)\(kept.isEmpty ? "" : ", \(kept.count) steps done"))",
        about: facts.topics)
    }
  }

  func renewed(_ leases: [Lease], lost: [Lease], for duration: Duration) {
    for lease in leases where !lost.contains(lease) {
      guard var facts = jobs[lease.job], facts.fence == lease.fence, facts.holder == lease.worker
      else { continue }
      facts.leasedUntil = machine.uptime + duration.microseconds
      jobs[lease.job] = facts
    }
  }

  /// Checks an acknowledged write under a lease.
  func wrote(_ lease: Lease, _ what: String, by host: WorkerHost) {
    guard let facts = jobs[lease.job], lease.fence < facts.fence else { return }
    broken(
      .lateWorkers,
      "\(host.name) \(what) of \(facts.label) with fence \(lease.fence), although fence \(facts.fence) was issued to "
        + "\(facts.holder?.rawValue ?? "somebody").", about: facts.topics)
  }

  func checkpointed(_ lease: Lease, _ checkpoint: Checkpoint, by host: WorkerHost) {
    wrote(lease, "stored the checkpoint \(checkpoint.step)", by: host)
    note(checkpoint, of: lease, by: host, "stores the checkpoint \(checkpoint.step)")
  }

  private func note(_ checkpoint: Checkpoint, of lease: Lease, by host: WorkerHost, _ what: String) {
    let isNew = jobs[lease.job]?.done.insert(checkpoint.step).inserted ?? true
    let topics = jobs[lease.job]?.topics ?? [lease.job.rawValue]
    trace.note(host.name, "\(what) of \(label(lease.job))", about: topics)
    if !isNew {
      broken(
        .stepsRunOnce,
        "Step \(checkpoint.step) of \(label(lease.job)) was checkpointed twice, now by \(host.name).",
        about: topics)
    }
    for case CatalogueEffect.hold(_, let generation, let document, let revision, let change, _, _) in checkpoint
      .output.effects
    {
      holds(document, revision: revision, isContent: change == .content, in: generation)
    }
  }

  func ended(_ lease: Lease, _ outcome: JobOutcome, last: Checkpoint?, by host: WorkerHost) {
    wrote(lease, "finished the run", by: host)
    let what: String
    switch outcome {
    case .completed: what = "completes"
    case .retry(let attempt, let wait, _, let reason):
      what = "schedules a retry in \(wait.milliseconds) ms for (\(reason.rawValue), \(attempt.failure.code))"
    case .dead(let attempt):
      what = "gives up (\(attempt.failure.code))"
      deadLetters[attempt.failure.code, default: 0] += 1
    case .cancelled: what = "cancels"
    case .released: what = "releases"
    case .parked: what = "parks"
    case .waits, .gathers: what = "suspends"
    }
    if let last { note(last, of: lease, by: host, "stores the last checkpoint \(last.step)") }
    trace.note(
      host.name, "\(what) \(label(lease.job))",
      about: jobs[lease.job]?.topics ?? [lease.job.rawValue])
    jobs[lease.job]?.holder = nil
  }

  /// Records a failed write under a lease. Either its outcome is unknown, or the lease was lost.
  func failed(_ lease: Lease, _ call: String, _ error: any Error, by host: WorkerHost) {
    let what =
      error is LeaseLost ? "is refused because its lease is lost" : "fails (\(Failure(error).code))"
    trace.note(
      host.name, "\(call) of \(label(lease.job)) \(what)",
      about: jobs[lease.job]?.topics ?? [lease.job.rawValue])
    if jobs[lease.job]?.fence == lease.fence { jobs[lease.job]?.holder = nil }
  }

  /// Records that a worker holds no lease any more, because it died or was deregistered.
  func gone(_ worker: WorkerID) {
    for (id, facts) in jobs where facts.holder == worker { jobs[id]?.holder = nil }
  }

  func died(_ worker: WorkerID) { deadWorkers.insert(worker) }
}
