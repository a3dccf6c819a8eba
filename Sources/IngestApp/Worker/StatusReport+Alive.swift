package import IngestCore

extension StatusReport.Worker {
  /// A worker counts as alive unless its lock is free.
  package var isAlive: Bool { LockedLiveness.isAlive(LivenessToken(rawValue: lockPath)) != false }
}
