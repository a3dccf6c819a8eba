package import IngestCore

extension StatusReport.Worker {
  /// A worker is taken for alive unless its death can be seen.
  package var isAlive: Bool { LockedLiveness.isAlive(LivenessToken(rawValue: lockPath)) != false }
}
