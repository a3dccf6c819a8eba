package import IngestCore

/// The status of the data folder, and which workers are alive.
package struct StatusOverview: Sendable {
  package var report: StatusReport
  /// The ids of the live workers among ``StatusReport/workers``.
  package var alive: Set<String>

  package init(report: StatusReport, alive: Set<String>) {
    self.report = report
    self.alive = alive
  }

  package func isAlive(_ worker: StatusReport.Worker) -> Bool { alive.contains(worker.worker) }
}

extension Operations {
  package func status() async throws -> StatusOverview {
    let report = try await jobs.status()
    return StatusOverview(report: report, alive: Set(report.workers.filter(isAlive).map(\.worker)))
  }

  /// Returns whether any worker of this data folder is alive.
  package func hasWorker() async throws -> Bool { try await jobs.workers().contains(where: isAlive) }

  /// The path of the data folder, for people.
  package var place: String { parts.place }
}
