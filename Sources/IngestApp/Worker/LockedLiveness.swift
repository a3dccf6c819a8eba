package import IngestCore
import IngestProcess

/// Workers of one machine. Each holds a lock on a file of its own; its liveness token is the file's path.
package struct LockedLiveness: WorkerLiveness {
  private let folder: String
  private let clock: any TimeSource

  /// - Parameter folder: where the workers' locks lie.
  package init(folder: String, clock: any TimeSource) {
    self.folder = folder
    self.clock = clock
  }

  package func announce(_ worker: WorkerID) throws -> any WorkerPresence {
    let path = "\(folder)/\(worker).lock"
    guard let lock = try FileLock.tryLock(path: path) else {
      throw Failure(.transient, code: "WORKER_LOCK", "The lock \(path) is taken.", hint: "Try again.")
    }
    return LockedPresence(lock)
  }

  package func isAlive(_ token: LivenessToken) -> Bool? { Self.isAlive(token) }

  /// A lock that is free means a dead worker; one that this user may not read says nothing.
  package static func isAlive(_ token: LivenessToken) -> Bool? { try? FileLock.isHeld(path: token.rawValue) }

  /// The end of a peer's process is seen at once where the kernel lets us watch it; the lock is read each second beneath, for
  /// workers in other process namespaces.
  package func death(of peer: WorkerRegistration) async -> Bool {
    guard peer.bootID == clock.bootID else { return true }
    while !Task.isCancelled {
      if isAlive(peer.liveness) == false { return true }
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          // A process of this number that ends without freeing the lock is another namespace's: leave it to the poll.
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

/// A lock on a file, which ends with its process.
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
