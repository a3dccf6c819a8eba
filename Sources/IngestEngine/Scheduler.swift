package import IngestCore

/// Fires the ticks of schedules. Every worker runs one: each decides from what is stored, alike, and the store lets one of
/// them have its way, so that each tick fires once.
package struct Scheduler: Sendable {
  let store: any ScheduleStore
  let zones: any TimeZoneSource
  /// The workflow of a name as it is now.
  let workflow: @Sendable (String) throws -> PinnedWorkflow
  let clock: any TimeSource

  /// Schedules looked at in one pass; more are due again at once.
  private static let slice = 100
  /// Until a schedule whose time zone cannot be read is looked at again.
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

  /// What a pass did.
  package struct Pass: Sendable {
    /// By the schedule's name.
    package var fired: [(schedule: String, what: ScheduleFired)] = []
    /// When the next tick is.
    package var next: Timestamp?
  }

  /// Fires what is due.
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

  /// Nil where nothing is to be done or stored.
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
      // Only once in a while: the time zone's file may come back.
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
  /// Fires schedules as their ticks come: woken by the next one, by wakes (one was added, a run that another waits for has
  /// ended), and by the poll beneath.
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
      // Wakes of a busy queue come by the thousand.
      try? await clock.sleep(for: .milliseconds(20))
    }
    return nil
  }
}
