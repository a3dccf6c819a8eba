package import IngestCore

/// The check whether a registered worker is still alive. A worker's row alone does not show it: a killed worker leaves its row
/// behind.
package protocol LivingWorkers: Sendable {
  func isAlive(_ worker: StatusReport.Worker) -> Bool
}

/// A reason why a job does not run that the job's own row does not show.
package enum JobObstacle: Hashable, Sendable {
  /// The worker that ran the job died. Another worker continues the job, at the latest when its lease ends.
  case workerDied
  /// The job could start, but no worker is alive.
  case noWorker
}

extension Operations {
  /// Returns the registered workers that are alive.
  package func liveWorkers() async throws -> [StatusReport.Worker] {
    try await jobs.workers().filter(isAlive)
  }

  func isAlive(_ worker: StatusReport.Worker) -> Bool { parts.liveness?.isAlive(worker) ?? true }

  /// Returns a job with its steps, and an obstacle that its row does not show.
  /// - Parameter text: the job's id, or a unique beginning of it.
  /// - Throws: `JOB_NOT_FOUND`, `JOB_AMBIGUOUS`.
  package func job(_ text: String) async throws -> (report: JobReport, obstacle: JobObstacle?) {
    let report = try await jobs.job(try await jobs.resolveJob(text))
    return (report, Self.obstacle(to: report, among: try await liveWorkers()))
  }

  /// - Parameter workers: the live workers.
  static func obstacle(to job: JobReport, among workers: [StatusReport.Worker]) -> JobObstacle? {
    switch job.state {
    case .running:
      guard let worker = job.worker, !workers.contains(where: { $0.worker == worker }) else { return nil }
      return .workerDied
    case .queued:
      return job.reason == QueuedReason.ready.rawValue && workers.isEmpty ? .noWorker : nil
    case .waiting, .completed, .cancelled, .dead: return nil
    }
  }
}
