package import IngestCore
import IngestProcess

/// The liveness of workers on one machine. Each worker holds a lock on a file of its own; its liveness token is the file's
/// path.
package struct LockedLiveness: WorkerLiveness {
  private let folder: String
  private let clock: any TimeSource

  /// - Parameter folder: the folder of the workers' locks.
  package init(folder: String, clock: any TimeSource) {
    self.folder = folder
    self.clock = clock
  }

  package func announce(_ worker: WorkerID) throws -> any WorkerPresence {
    let path = "\(folder)/\(worker).lock"
    guard let lock = try FileLock.tryLock(path: path) else {
      throw Failure(.transient, code: "WORKER_LOCK", "Another process holds the lock \(path).", hint: "Try again.")
    }
    return LockedPresence(lock)
  }

  package func isAlive(_ token: LivenessToken) -> Bool? { Self.isAlive(token) }

  /// Returns false for a free lock: its worker is dead. Returns nil for a lock that this user may not read.
  package static func isAlive(_ token: LivenessToken) -> Bool? { try? FileLock.isHeld(path: token.rawValue) }

  /// Waits for the death of a peer. The kernel reports the end of its process at once where processes can be watched. The lock
  /// is also checked each second, for workers in other process namespaces.
  package func death(of peer: WorkerRegistration) async -> Bool {
    guard peer.bootID == clock.bootID else { return true }
    while !Task.isCancelled {
      if isAlive(peer.liveness) == false { return true }
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          // If a process of this number ends and the lock stays held, the worker is in another namespace: the poll sees it.
          if await ProcessWatch.end(of: peer.process) == .ended, isAlive(peer.liveness) == false { return }
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

private final class LockedPresence: WorkerPresence {
  private let lock: FileLock

  init(_ lock: FileLock) { self.lock = lock }

  var token: LivenessToken { LivenessToken(rawValue: lock.path) }

  func release() { lock.remove() }
}

/// A lock on a file, which the kernel releases when its process ends.
package struct FileUpkeepLock: SoleUpkeepLock {
  private let path: String

  package init(path: String) {
    self.path = path
  }

  @discardableResult
  package func whileAlone(_ body: () async throws -> Void) async throws -> Bool {
    guard let lock = try FileLock.tryLock(path: path) else { return false }
    defer { lock.release() }
    try await body()
    return true
  }
}
