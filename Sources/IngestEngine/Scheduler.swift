package import IngestCore

/// Fires the ticks of schedules. Every worker runs a scheduler. All of them reach the same decision from the stored
/// state, and the store accepts only one of them, so each tick fires once.
package struct Scheduler: Sendable {
  let store: any ScheduleStore
  let zones: any TimeZoneSource
  /// Returns the current version of the workflow with this name.
  let workflow: @Sendable (String) throws -> PinnedWorkflow
  let clock: any TimeSource

  /// The schedules that one pass checks, at most. The next pass follows immediately and checks the others.
  private static let slice = 100
  /// The time until the next check of a schedule whose time zone cannot be read.
  private static let patience: Duration = .seconds(60)

  package init(
    store: any ScheduleStore, zones: any TimeZoneSource, clock: any TimeSource,
    workflow: @escaping @Sendable (String) throws -> PinnedWorkflow
  ) {
    self.store = store
    self.zones = zones
    self.clock = clock
    self.workflow = workflow
  }

  /// The result of one pass.
  package struct Pass: Sendable {
    /// The fired ticks, each with the name of its schedule.
    package var fired: [(schedule: String, what: ScheduleFired)] = []
    /// The time of the next tick.
    package var next: Timestamp?
  }

  /// Fires the schedules that are due.
  package func pass() async throws -> Pass {
    var pass = Pass()
    var (due, next) = try await store.dueSchedules(limit: Self.slice)
    guard !due.isEmpty else { return Pass(next: next) }
    for record in due {
      guard let firing = decide(record), let fired = try await store.fire(firing) else { continue }
      pass.fired.append((record.name, fired))
    }
    (due, next) = try await store.dueSchedules(limit: 1)
    pass.next = next
    return pass
  }

  /// Returns the ticks to fire and the state to store. Nil if there is nothing to fire or store.
  private func decide(_ record: ScheduleRecord) -> ScheduleFiring? {
    var firing = ScheduleFiring(
      name: record.name, version: record.version, ticks: [], last: record.last, missed: nil, next: record.next,
      workflow: nil, failure: nil)
    do {
      let decision = ScheduleDecision.decide(
        try record.timing(), in: try zones.rules(of: record.spec.zone), last: record.last, now: clock.now,
        catchUp: record.spec.catchUp, jitter: record.spec.jitter, seed: ScheduleDecision.seed(of: record.name))
      firing.ticks = decision.fire
      firing.last = decision.last
      firing.missed = decision.missed
      firing.next = decision.next
    } catch {
      // Checked again later: the file of the time zone may come back.
      firing.failure = Failure(error)
      firing.next = clock.now + Self.patience
      return firing
    }
    let startsQueued = record.queued != nil && record.running == 0
    if !firing.ticks.isEmpty || startsQueued {
      do { firing.workflow = try workflow(record.spec.run.workflow) } catch { firing.failure = Failure(error) }
      return firing
    }
    return firing.last == record.last && firing.next == record.next && firing.missed == nil ? nil : firing
  }
}

extension Worker {
  /// Fires schedules when their ticks are due. The next tick, a wake signal (a schedule was added, or a run ended that
  /// another run waits for) or the poll interval wakes it up.
  func fireSchedules() async -> WorkerEnd? {
    guard let scheduler, !options.drains else { return nil }
    while !isStopping {
      var wait = options.poll
      do {
        let pass = try await scheduler.pass()
        for (name, fired) in pass.fired where !fired.started.isEmpty || fired.failure != nil {
          report(.scheduleFired(name, fired))
        }
        if let next = pass.next { wait = max(.zero, min(wait, next - clock.now)) }
      } catch {
        report(.storeFailed(Failure(error)))
      }
      await schedulesChanged.wait(atMost: wait, clock: clock)
      // A busy queue sends thousands of wake signals.
      try? await clock.sleep(for: .milliseconds(20))
    }
    return nil
  }
}
