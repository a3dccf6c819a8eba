package import IngestCore
private import Synchronization

/// Claims jobs and runs them until told to stop, or until nothing is left.
package final class Worker: Sendable {
  private let registration: WorkerRegistration
  private let store: any QueueStore
  private let runner: WorkflowRunner
  private let surroundings: any WorkerSurroundings
  private let maintenance: [any Maintenance]
  private let clock: any TimeSource
  private let options: WorkerOptions
  private let report: @Sendable (WorkerEvent) -> Void

  private let running = RunningJobs()
  private let work = Doorbell()
  private let attention = Doorbell()
  private let census = Doorbell()
  private let isStopping = Mutex(false)
  /// The peers whose death is watched for.
  private let watched = Mutex<Set<WorkerID>>([])

  package init(
    registration: WorkerRegistration, store: any QueueStore, runner: WorkflowRunner,
    surroundings: any WorkerSurroundings, maintenance: [any Maintenance] = [], clock: any TimeSource,
    options: WorkerOptions, report: @escaping @Sendable (WorkerEvent) -> Void = { _ in }
  ) {
    self.registration = registration
    self.store = store
    self.runner = runner
    self.surroundings = surroundings
    self.maintenance = maintenance
    self.clock = clock
    self.options = options
    self.report = report
  }

  /// Stop claiming, let running steps finish for ``WorkerOptions/grace``, then release what is left. Safe to call from
  /// anywhere, more than once.
  package func stop() {
    isStopping.withLock { $0 = true }
    work.ring()
  }

  /// How many jobs it runs now.
  package var runningCount: Int { running.count }

  /// Runs until stopped or, when draining, until nothing is left.
  /// - Throws: the store's failure when the worker cannot even register.
  package func run() async throws -> WorkerEnd {
    try await store.register(registration)
    report(.started(registration.id))
    let end = await withTaskGroup(of: WorkerEnd?.self) { group in
      group.addTask { await self.claimAndRun() }
      group.addTask { await self.listen() }
      group.addTask { await self.keepLeases() }
      group.addTask { await self.heedCancellations() }
      group.addTask { await self.watchPeers() }
      group.addTask { await self.maintain() }
      var end = WorkerEnd.stopped
      for await result in group {
        guard let result else { continue }
        end = result
        group.cancelAll()
      }
      return end
    }
    try await store.deregister(registration.id)
    return end
  }

  // MARK: - Claiming

  private func claimAndRun() async -> WorkerEnd {
    await withDiscardingTaskGroup { jobs in
      var failures = 0
      var end = WorkerEnd.stopped
      while !isStopping.withLock({ $0 }), !Task.isCancelled {
        let free = running.isAlone ? 0 : options.concurrency - running.count
        guard free > 0 else {
          await work.wait(atMost: options.poll, clock: clock)
          continue
        }
        do {
          let idle = running.count == 0
          let claim = try await store.claim(
            ClaimRequest(
              worker: registration.id, limit: free, scope: options.scope, lease: options.lease, idle: idle))
          failures = 0
          for job in claim.jobs {
            let handle = running.add(job)
            jobs.addTask { await self.run(job, handle) }
          }
          if claim.aloneWaiting, running.count > 0 { await waitUntilIdle() }
          if claim.jobs.count == free { continue }
          if options.drains, claim.jobs.isEmpty, running.count == 0, let ended = try await drained() {
            end = ended
            break
          }
          await work.wait(atMost: min(options.poll, claim.nextDue ?? options.poll), clock: clock)
        } catch {
          failures += 1
          await recover(from: Failure(error), failures: failures)
        }
      }
      await letFinish()
      return end
    }
  }

  private func run(_ job: ClaimedJob, _ handle: RunningJobs.Handle) async {
    await handle.run {
      do {
        try await self.runner.run(job) { handle.stopReason }
      } catch is LeaseLost {
        self.report(.leaseLost(job.lease.job))
      } catch {
        self.report(.outcomeLost(job.lease.job, Failure(error)))
      }
    }
    running.remove(handle)
    work.ring()
  }

  /// A job that must run alone waits: what runs here ends first, and nothing new begins.
  private func waitUntilIdle() async {
    while running.count > 0, !isStopping.withLock({ $0 }), !Task.isCancelled {
      await work.wait(atMost: options.poll, clock: clock)
    }
  }

  private func drained() async throws -> WorkerEnd? {
    let outlook = try await store.outlook(options.scope)
    guard outlook.queued == 0, outlook.running == 0 else { return nil }
    return outlook.stuck + outlook.waiting == 0 ? .drained : .stuck(outlook)
  }

  private func recover(from failure: Failure, failures: Int) async {
    report(.storeFailed(failure))
    if failure.code == "WORKER_UNKNOWN" {
      // It was taken for dead, so its leases are gone: begin anew under the same name.
      running.stopAll(.leaseLost)
      do { return try await store.register(registration) } catch { report(.storeFailed(Failure(error))) }
    }
    let wait = RetryPolicy(first: .milliseconds(100), maximum: .seconds(10), jitter: .none)
    await work.wait(atMost: wait.delay(afterAttempt: failures, fraction: 0), clock: clock)
  }

  /// Steps in flight get the grace time, then their jobs go back to the queue.
  private func letFinish() async {
    let start = clock.uptime
    while running.count > 0 {
      let left = options.grace - .microseconds(clock.uptime - start)
      guard left > .zero else { break }
      await work.wait(atMost: left, clock: clock)
      if Task.isCancelled { break }
    }
    running.stopAll(.shutdown)
  }

  // MARK: - Around the jobs

  private func listen() async -> WorkerEnd? {
    for await _ in surroundings.wakes() {
      work.ring()
      attention.ring()
      census.ring()
    }
    return nil
  }

  private func keepLeases() async -> WorkerEnd? {
    var renewedAt = clock.uptime
    while (try? await clock.sleep(for: options.heartbeat)) != nil {
      let leases = running.leases
      do {
        let kept = try await store.renew(registration.id, leases: leases, for: options.lease)
        renewedAt = clock.uptime
        running.stop(kept.lost, .leaseLost)
        running.stop(kept.cancelled, .cancelled)
      } catch {
        report(.storeFailed(Failure(error)))
        // Past its end a lease may be another worker's: whatever it held must stop.
        if clock.uptime - renewedAt > options.lease.microseconds { running.stop(leases, .leaseLost) }
      }
    }
    return nil
  }

  /// After each wake, asks whether one of the running jobs was cancelled; at most ten times a second.
  private func heedCancellations() async -> WorkerEnd? {
    while !Task.isCancelled {
      await attention.wait()
      if running.count > 0 {
        do {
          running.stop(try await store.cancellations(registration.id), .cancelled)
        } catch {
          report(.storeFailed(Failure(error)))
        }
      }
      try? await clock.sleep(for: .milliseconds(100))
    }
    return nil
  }

  /// Watches every other worker, and gives the jobs of one that died back to the queue.
  private func watchPeers() async -> WorkerEnd? {
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        do {
          for peer in try await store.peers(of: registration.id) {
            guard watched.withLock({ $0.insert(peer.id).inserted }) else { continue }
            group.addTask {
              await self.bury(peer)
              self.watched.withLock { _ = $0.remove(peer.id) }
            }
          }
        } catch {
          report(.storeFailed(Failure(error)))
        }
        await census.wait(atMost: .seconds(10), clock: clock)
        try? await clock.sleep(for: .milliseconds(100))
      }
    }
    return nil
  }

  private func bury(_ peer: WorkerRegistration) async {
    guard await surroundings.death(of: peer) else { return }
    do {
      let jobs = try await store.reclaim(dead: peer.id)
      report(.peerDied(peer.id, jobs: jobs))
      work.ring()
    } catch {
      report(.storeFailed(Failure(error)))
    }
  }

  private func maintain() async -> WorkerEnd? {
    while !Task.isCancelled {
      for task in maintenance {
        do { try await task.run() } catch { report(.maintenanceFailed(Failure(error))) }
      }
      try? await clock.sleep(for: options.maintenanceInterval)
    }
    return nil
  }
}
