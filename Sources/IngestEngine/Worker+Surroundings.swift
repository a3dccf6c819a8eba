import IngestCore
private import Synchronization

/// What a worker does around its jobs: wakes, leases, cancellations, the deaths of others.
extension Worker {
  func listen() async -> WorkerEnd? {
    for await _ in surroundings.wakes() {
      jobsReady.signal()
      cancellationsChanged.signal()
      peersChanged.signal()
      schedulesChanged.signal()
      jobsEnded.signal()
    }
    return nil
  }

  func runTimers() async -> WorkerEnd? {
    await runner.timers.run()
    return nil
  }

  /// Renews until the last job has ended, so also while the worker is stopping.
  func keepLeases() async -> WorkerEnd? {
    var renewedAt = clock.uptime
    var pause = options.heartbeat
    while (try? await clock.sleep(for: pause)) != nil {
      let leases = running.leases
      let askedAt = clock.uptime
      do {
        let kept = try await store.renew(registration.id, leases: leases, for: options.lease)
        renewedAt = askedAt
        pause = options.heartbeat
        running.stop(kept.lost, .leaseLost)
        running.stop(kept.cancelled, .cancelled)
      } catch {
        // Soon again: two more failures at the usual distance would cost the leases.
        pause = min(options.heartbeat, .seconds(1))
        if await registeredAgain(after: Failure(error)) { continue }
        // Past its end a lease may be another worker's: whatever it held must stop.
        if clock.uptime - renewedAt > options.lease.microseconds { running.stop(leases, .leaseLost) }
      }
    }
    return nil
  }

  /// A worker that was taken for dead has lost its leases: it begins anew under the same name.
  func registeredAgain(after failure: Failure) async -> Bool {
    report(.storeFailed(failure))
    guard failure.reason == .workerUnknown else { return false }
    running.stopAll(.leaseLost)
    do {
      try await store.register(registration)
      return true
    } catch {
      report(.storeFailed(Failure(error)))
      return false
    }
  }

  /// After each wake, asks whether one of the running jobs was cancelled; at most ten times a second.
  func heedCancellations() async -> WorkerEnd? {
    while !Task.isCancelled {
      await cancellationsChanged.wait()
      do {
        // One that is not here yet is on its way from a claim: look again.
        let cancelled = try await store.cancellations(registration.id)
        if !running.stop(cancelled, .cancelled) { cancellationsChanged.signal() }
      } catch {
        report(.storeFailed(Failure(error)))
        cancellationsChanged.signal()
      }
      try? await clock.sleep(for: .milliseconds(100))
    }
    return nil
  }

  /// Watches every other worker, and gives the jobs of one that died back to the queue.
  func watchPeers() async -> WorkerEnd? {
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
        await peersChanged.wait(atMost: .seconds(10), clock: clock)
        try? await clock.sleep(for: .milliseconds(100))
      }
    }
    return nil
  }

  private func bury(_ peer: WorkerRegistration) async {
    guard await surroundings.death(of: peer) else { return }
    do {
      // None for a peer that took itself off, or that another one was quicker to bury.
      let jobs = try await store.reclaim(dead: peer.id)
      if jobs > 0 { report(.peerDied(peer.id, jobs: jobs)) }
      jobsReady.signal()
    } catch {
      report(.storeFailed(Failure(error)))
      peersChanged.signal()
    }
  }

  /// After each wake, and each minute for those whose time has come; a twentieth of its time at most.
  func followJobs() async -> WorkerEnd? {
    guard followUp != nil else { return nil }
    while !Task.isCancelled {
      let begun = clock.uptime
      await follow(all: false)
      try? await clock.sleep(for: max(.seconds(1), .microseconds(20 * (clock.uptime - begun))))
      await jobsEnded.wait(atMost: .seconds(60), clock: clock)
    }
    return nil
  }

  /// What fails is tried again after the next wake.
  func follow(all: Bool) async {
    do { try await followUp?(all) } catch is CancellationError {} catch {
      report(.maintenanceFailed(Failure(error)))
    }
  }

  func maintain() async -> WorkerEnd? {
    while !Task.isCancelled {
      for task in maintenance {
        do { try await task.run() } catch { report(.maintenanceFailed(Failure(error))) }
      }
      try? await clock.sleep(for: options.maintenanceInterval)
    }
    return nil
  }
}
