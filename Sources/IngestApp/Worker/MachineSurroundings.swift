import IngestCore
import IngestEngine
import IngestProcess

/// What a worker learns from the machine: the wake file's touches, and the deaths of other workers.
struct MachineSurroundings: WorkerSurroundings {
  private let wake: WakeFile
  private let clock: any TimeSource

  init(wake: WakeFile, clock: any TimeSource) {
    self.wake = wake
    self.clock = clock
  }

  /// Where the file cannot be watched, the worker's poll is what remains.
  func wakes() -> AsyncStream<Void> {
    (try? wake.signals()) ?? AsyncStream { $0.finish() }
  }

  /// A lock that is free means a dead worker. The end of its process is seen at once where the kernel lets us watch it;
  /// the lock is looked at each second beneath, for workers in other process namespaces.
  func death(of peer: WorkerRegistration) async -> Bool {
    guard peer.bootID == clock.bootID else { return true }
    while !Task.isCancelled {
      if (try? FileLock.isHeld(path: peer.lockPath)) == false { return true }
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          // A process of this number that ends without freeing the lock is another namespace's: leave it to the poll.
          if await ProcessWatch.end(of: peer.process) == .ended, (try? FileLock.isHeld(path: peer.lockPath)) == false {
            return
          }
          try? await clock.sleep(for: .seconds(3600))
        }
        group.addTask { try? await clock.sleep(for: .seconds(1)) }
        await group.next()
        group.cancelAll()
      }
    }
    return false
  }
}
