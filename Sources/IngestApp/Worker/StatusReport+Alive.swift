package import IngestCore
import IngestProcess
import IngestStore

extension StatusReport.Worker {
  /// A lock that is free means that it died; one that this user may not look at says nothing.
  package var isAlive: Bool { (try? FileLock.isHeld(path: lockPath)) != false }
}

extension Installation {
  /// Whether a worker is alive that could start jobs.
  package var hasWorker: Bool {
    get async throws { try await store.workers().contains(where: \.isAlive) }
  }
}
