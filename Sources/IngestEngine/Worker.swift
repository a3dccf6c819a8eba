package import IngestCore
internal import Synchronization

/// A worker: claims jobs and runs them until it is stopped or, when draining, until no jobs are left.
package final class Worker: Sendable {
  let registration: WorkerRegistration
  let store: any QueueStore
  let runner: WorkflowRunner
  let surroundings: any WorkerSurroundings
  let maintenance: [any Maintenance]
  let followUp: FollowUp?
  let scheduler: Scheduler?
  let clock: any TimeSource
  let options: WorkerOptions
  let report: @Sendable (WorkerEvent) -> Void

  let running = RunningJobs()
  let jobsReady = LocalWakeSignal()
  let cancellationsChanged = LocalWakeSignal()
  let peersChanged = LocalWakeSignal()
  let schedulesChanged = LocalWakeSignal()
  let jobsEnded = LocalWakeSignal()
  private let stopping = Mutex(false)
  /// The peers that this worker watches.
  let watched = Mutex<Set<WorkerID>>([])

  /// - Parameter followUp: the work that remains after jobs have ended. Runs after each wake signal and before a drain
  ///   ends.
  package init(
    registration: WorkerRegistration, store: any QueueStore, runner: WorkflowRunner,
    surroundings: any WorkerSurroundings, maintenance: [any Maintenance] = [],
    followUp: FollowUp? = nil, scheduler: Scheduler? = nil, clock: any TimeSource,
    options: WorkerOptions, report: @escaping @Sendable (WorkerEvent) -> Void = { _ in }
  ) {
    self.registration = registration
    self.store = store
    self.runner = runner
    self.surroundings = surroundings
    self.maintenance = maintenance
    self.followUp = followUp
    self.scheduler = scheduler
    self.clock = clock
    self.options = options
    self.report = report
  }

  /// Stops claiming, lets running steps finish for ``WorkerOptions/grace``, then releases the remaining jobs. A job
  /// whose step ends in that time is released with its checkpoint. A step that ignores its cancellation is left behind
  /// after ``WorkerOptions/patience``, so ``run()`` always returns. Safe to call from anywhere, more than once.
  package func stop() {
    stopping.withLock { $0 = true }
    jobsReady.signal()
    schedulesChanged.signal()
  }

  var isStopping: Bool { stopping.withLock { $0 } || Task.isCancelled }

  /// Runs until the worker is stopped or, when draining, until no jobs are left. If its task is cancelled, it stops
  /// without grace.
  /// - Throws: the store's failure if the worker cannot register.
  package func run() async throws -> WorkerEnd {
    try await store.register(registration)
    report(.started(registration.id))
    let end = await withTaskGroup(of: WorkerEnd?.self) { group in
      group.addTask { await self.claimAndRun() }
      group.addTask { await self.runTimers() }
      group.addTask { await self.listen() }
      group.addTask { await self.keepLeases() }
      group.addTask { await self.heedCancellations() }
      group.addTask { await self.watchPeers() }
      group.addTask { await self.maintain() }
      group.addTask { await self.followJobs() }
      group.addTask { await self.fireSchedules() }
      var end = WorkerEnd.stopped
      for await result in group {
        guard let result else { continue }
        end = result
        group.cancelAll()
      }
      return end
    }
    do {
      try await store.deregister(registration.id)
    } catch {
      // The worker's lock is released when the process ends; its peers then reclaim its jobs.
      report(.storeFailed(Failure(error)))
    }
    return end
  }

  // MARK: - Claiming

  private func claimAndRun() async -> WorkerEnd {
    await withDiscardingTaskGroup { jobs in
      var failures = 0
      var end = WorkerEnd.stopped
      while !isStopping {
        let free = running.isAlone ? 0 : options.concurrency - running.count
        guard free > 0 else {
          await jobsReady.wait(atMost: options.poll, clock: clock)
          continue
        }
        do {
          let idle = running.count == 0
          let claim = try await store.claim(
            ClaimRequest(
              worker: registration.id, limit: free, scope: options.scope, lease: options.lease, idle: idle))
          failures = 0
          if !claim.jobs.isEmpty { report(.claimed(claim.jobs.count)) }
          for job in claim.jobs {
            let control = control(of: job)
            running.add(control)
            jobs.addTask { await self.run(job, control) }
          }
          if claim.jobs.count == free { continue }
          if options.drains, claim.jobs.isEmpty, running.count == 0, let ended = try await drained() {
            end = ended
            break
          }
          // This wait also serves a job that must run alone: until then nothing is claimed, and each job that ends
          // signals.
          await jobsReady.wait(atMost: min(options.poll, claim.nextDue ?? options.poll), clock: clock)
        } catch {
          failures += 1
          await recover(from: Failure(error), failures: failures)
        }
      }
      await letFinish()
      return end
    }
  }

  private func control(of job: ClaimedJob) -> JobControl {
    JobControl(job, patience: options.patience) { [stopping = self] in
      stopping.isStopping
    } leftBehind: { [report] step in
      report(.stepLeftBehind(job.lease.job, step: step))
    }
  }

  private func run(_ job: ClaimedJob, _ control: JobControl) async {
    do {
      report(.ended(job.lease.job, try await runner.run(job, control)))
    } catch is LeaseLost {
      report(.leaseLost(job.lease.job))
    } catch {
      report(.outcomeLost(job.lease.job, Failure(error)))
    }
    running.remove(control)
    jobsReady.signal()
  }

  private func drained() async throws -> WorkerEnd? {
    let outlook = try await store.outlook(options.scope)
    guard outlook.queued == 0, outlook.running == 0 else { return nil }
    await follow(all: true)
    return outlook.stuck + outlook.waiting == 0 ? .drained : .stuck(outlook)
  }

  private func recover(from failure: Failure, failures: Int) async {
    if await registeredAgain(after: failure) { return }
    let wait = RetryPolicy(first: .milliseconds(100), maximum: .seconds(10), jitter: .none)
    await jobsReady.wait(atMost: wait.delay(afterAttempt: failures, fraction: 0), clock: clock)
  }

  /// Gives running steps the grace time, then returns their jobs to the queue.
  private func letFinish() async {
    let start = clock.uptime
    while running.count > 0, !Task.isCancelled {
      let left = options.grace - .microseconds(clock.uptime - start)
      guard left > .zero else { break }
      await jobsReady.wait(atMost: left, clock: clock)
    }
    running.stopAll(.shutdown)
  }
}
