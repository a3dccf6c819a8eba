import IngestCore
import IngestOperations
import IngestSQL
import IngestStore

/// Simulated operators. They pause, cancel, redrive, build, swap, roll back and collect while the system runs.
extension SimulatedClients {
  private static let actor = "operator"

  func operate() async {
    let random = world.random("operator")
    while world.isStormy {
      await pause(random, .milliseconds(400)...(.seconds(5)))
      guard world.isStormy else { return }
      let acts: [(Ingredient, (RandomStream) async throws -> Void)] = [
        (.pauses, turnPause), (.cancels, cancelSomething), (.redrives, redrive), (.replays, replay),
        (.pruning, prune),
        (.swaps, advanceGeneration), (.swaps, advanceGeneration), (.collection, collect),
      ]
      let possible = acts.filter { world.plan.has($0.0) }
      do {
        try await answer()
        guard let act = random.pick(possible) else { continue }
        try await act.1(random)
      } catch {
        world.trace.note(Self.actor, "gets the error \(Failure(error).code)")
      }
    }
  }

  private func note(_ text: String, about topics: [String] = []) {
    world.trace.note(Self.actor, text, about: topics)
  }

  private func turnPause(_ random: RandomStream) async throws {
    let scope: PauseScope =
      random.chance(300)
      ? .everything : random.chance(300) ? .workflow("ingest") : .source("source-1")
    if random.chance(500) {
      if try await store.pause(scope, actor: Self.actor) { note("pauses \(scope)") }
    } else {
      if try await store.resume(scope, actor: Self.actor) { note("resumes \(scope)") }
    }
  }

  private func cancelSomething(_ random: RandomStream) async throws {
    let open = try await store.jobs(JobFilter(limit: 40)).filter {
      !$0.state.isEnd && ($0.uri != nil || world.oracle.starts[JobID(rawValue: $0.job)] != nil)
    }
    guard let job = random.pick(open) else { return }
    let id = JobID(rawValue: job.job)
    // Set before the call: the cancel may take effect although its answer is lost.
    world.oracle.starts[id]?.wasCancelled = true
    for document in known where world.oracle.documents[document]?.uri == job.uri {
      world.oracle.documents[document]?.wasCancelled = true
    }
    let state = try await store.cancel(id, actor: Self.actor)
    note(
      "cancels \(world.oracle.label(id)), which is \(state.rawValue)",
      about: [job.uri ?? "", job.job])
  }

  private func redrive(_ random: RandomStream) async throws {
    let report = try await store.act(
      .redrive(RedriveOptions()), on: JobFilter(state: .dead, limit: 1 + random.pick(4)),
      dryRun: false,
      actor: Self.actor)
    if report.total > 0 {
      note("redrives \(report.count(.redriven)) of \(report.total) dead letters")
    }
  }

  private func replay(_ random: RandomStream) async throws {
    let report = try await store.act(
      .replay(ReplayOptions()), on: JobFilter(state: .completed, limit: 1 + random.pick(3)),
      dryRun: false,
      actor: Self.actor)
    if report.count(.replayed) > 0 { note("replays \(report.count(.replayed)) jobs") }
  }

  private func prune(_ random: RandomStream) async throws {
    let keep = Duration.seconds(random.pick(0...20))
    let report = try await store.prune(
      try Retention(completed: keep, cancelled: keep, dead: .seconds(100_000), journal: nil))
    let blobs = try await store.collectBlobs(grace: .seconds(random.pick(20...60)), limit: 64) {
      _ in
    }
    note("prunes \(report.jobs) jobs and collects \(blobs.count) blobs")
  }

  /// Builds, swaps or rolls back, whichever is possible now.
  private func advanceGeneration(_ random: RandomStream) async throws {
    let known = try await store.list(World.index)
    let live = try await store.live(World.index)
    let candidates = known.filter { $0.state == .building || $0.state == .ready }
    if candidates.isEmpty, known.filter(\.isOpen).count < 4, random.chance(500) {
      let spec = spec(
        live.spec.embedder.model == "alpha" ? "beta" : "alpha", target: random.pick(18...30))
      // The specification is recorded before any worker can write into the generation.
      world.oracle.specs[(known.map(\.number).max() ?? 0) + 1] = spec
      let made = try await operations.build(
        World.index, spec: spec, workflow: random.chance(500) ? Workflows.reindex : Workflows.rebuild, force: true)
      world.oracle.specs[made.generation.number] = spec
      return note("starts building generation \(made.generation.number)")
    }
    if let ready = candidates.last(where: { $0.state == .ready }) {
      try await swap(to: ready, from: live)
      return note("swaps generation \(live.number) for \(ready.number)")
    }
    let report = try await operations.rollback(World.index, force: false)
    note("rolls back from generation \(report.previous) to \(report.live)")
  }

  private func swap(to ready: Generation, from live: Generation) async throws {
    guard let injection = world.injection, injection.splitsSwaps else {
      _ = try await operations.swap(World.index, to: ready.number, acceptMissing: 0)
      return
    }
    guard try await store.gate(World.index, to: ready.number).lacking == 0 else { return }
    injection.hit()
    try await database.write { db in
      try db.run("UPDATE generations SET state = 'retired' WHERE number = \(live.number)")
    }
    try await clock.sleep(for: .milliseconds(300))
    try await database.write { db in
      try db.run(
        "UPDATE generations SET state = 'live', previous = \(live.number) WHERE number = \(ready.number)"
      )
    }
  }

  private func collect(_ random: RandomStream) async throws {
    guard
      let retired = random.pick(try await store.list(World.index).filter { $0.state == .retired })
    else { return }
    let gone = try await operations.collectGenerations(World.index, number: retired.number)
    note("deletes generation \(gone)")
  }

  /// Approves the steps and sends the signals that jobs of a user's workflow wait for.
  func answer() async throws {
    guard world.plan.workflow != nil || world.plan.has(.waits) else { return }
    for job in try await store.jobs(JobFilter(state: .waiting, limit: 50)) {
      guard let wait = job.waitsFor else { continue }
      let id = JobID(rawValue: job.job)
      switch wait.kind {
      case .approval:
        _ = try? await store.approve(id, step: nil, approved: true, reason: nil, actor: Self.actor)
        note("approves step \(wait.name ?? "") of \(world.oracle.label(id))", about: [job.job])
      case .signal:
        _ = try? await store.signal(id, name: wait.name ?? "", data: "{}", actor: Self.actor)
        note("signals \(wait.name ?? "") to \(world.oracle.label(id))", about: [job.job])
      case .generation, .children: break
      }
    }
  }

  /// Resumes, resets and retries everything that waits for a person.
  func unblockJobs() async throws {
    for scope in [PauseScope.everything, .workflow("ingest"), .source("source-1")] {
      _ = try? await store.resume(scope, actor: Self.actor)
    }
    try await answer()
    for job in try await store.jobs(JobFilter(limit: 50)) where !job.state.isEnd {
      if job.state == .queued, job.reason == QueuedReason.exhausted.rawValue {
        _ = try await store.retry(JobID(rawValue: job.job), actor: Self.actor)
      }
    }
  }
}
