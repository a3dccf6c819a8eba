import IngestCore
private import Synchronization

/// The worker's tasks beside its jobs: wake signals, leases, cancellations, the deaths of other workers.
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

  /// Renews the leases until the last job has ended, and so also while the worker is stopping.
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
        // Tries again soon: after two more failures at the normal interval the leases would run out.
        pause = min(options.heartbeat, .seconds(1))
        if await registeredAgain(after: Failure(error)) { continue }
        // After their lease has run out, another worker may hold the jobs, so all of them must stop.
        if clock.uptime - renewedAt > options.lease.microseconds { running.stop(leases, .leaseLost) }
      }
    }
    return nil
  }

  /// Registers the worker again under the same name if the store does not know it. Other workers took it for dead, so
  /// it has lost its leases.
  /// - Returns: whether the worker is registered again.
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

  /// After each wake signal, queries which running jobs were cancelled, at most ten times a second.
  func heedCancellations() async -> WorkerEnd? {
    while !Task.isCancelled {
      await cancellationsChanged.wait()
      do {
        // A job that is not running yet is being claimed: query again.
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

  /// Watches all other workers and returns the jobs of a dead worker to the queue.
  func watchPeers() async -> WorkerEnd? {
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        do {
          for peer in try await store.peers(of: registration.id) {
            guard watched.withLock({ $0.insert(peer.id).inserted }) else { continue }
            group.addTask {
              await self.reclaimJobs(ofDead: peer)
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

  /// Waits until the peer dies, then returns its jobs to the queue.
  private func reclaimJobs(ofDead peer: WorkerRegistration) async {
    guard await surroundings.death(of: peer) else { return }
    do {
      // Zero if the peer deregistered, or if another worker reclaimed its jobs first.
      let jobs = try await store.reclaim(dead: peer.id)
      if jobs > 0 { report(.peerDied(peer.id, jobs: jobs)) }
      jobsReady.signal()
    } catch {
      report(.storeFailed(Failure(error)))
      peersChanged.signal()
    }
  }

  /// Runs the follow-up after each wake signal, and each minute for the checks that are due. It takes at most a
  /// twentieth of the time.
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

  /// Runs the follow-up once. After a failure, the next wake signal leads to another try.
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
