package import IngestCore
import IngestStore

extension StatusReport.Worker {
  /// A worker is taken for alive unless its death can be seen.
  package var isAlive: Bool { LockedLiveness.isAlive(LivenessToken(rawValue: lockPath)) != false }
}

extension Installation {
  /// Whether a worker is alive that could start jobs.
  package var hasWorker: Bool {
    get async throws { try await store.workers().contains(where: \.isAlive) }
  }
}
