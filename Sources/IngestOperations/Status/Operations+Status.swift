package import IngestCore

/// The whole at a glance, and which workers live.
package struct StatusOverview: Sendable {
  package var report: StatusReport
  /// The ids of ``StatusReport/workers`` that live.
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

  /// Whether any worker of this data folder lives.
  package func hasWorker() async throws -> Bool { try await jobs.workers().contains(where: isAlive) }

  /// Where the data is, for people.
  package var place: String { parts.place }
}
