package import IngestCore
package import IngestOperations

/// The counts of jobs, the sources, the breakers and the workers.
package struct StatusResponse: Codable, Hashable, Sendable {
  package struct Worker: Codable, Hashable, Sendable {
    package var worker: String
    package var process: Int32
    package var host: String
    package var concurrency: Int
    package var running: Int
    package var startedAt: Timestamp
    package var lockPath: String
    package var alive: Bool
  }

  package var queued: Int
  package var running: Int
  package var waiting: Int
  package var completed: Int
  package var cancelled: Int
  package var dead: Int
  package var queuedReasons: [StatusReport.Reason]
  /// At most 50, like every list here.
  package var sources: [StatusReport.Source]
  package var sourcesTotal: Int
  package var breakers: [BreakerReport]
  package var breakersTotal: Int
  package var workers: [Worker]
  package var workersTotal: Int

  package init(_ overview: StatusOverview) {
    let report = overview.report
    queued = report.queued
    running = report.running
    waiting = report.waiting
    completed = report.completed
    cancelled = report.cancelled
    dead = report.dead
    queuedReasons = report.queuedReasons
    sources = report.sources
    sourcesTotal = report.sourcesTotal
    breakers = report.breakers
    breakersTotal = report.breakersTotal
    workers = report.workers.prefix(50).map {
      Worker(
        worker: $0.worker, process: $0.process, host: $0.host, concurrency: $0.concurrency, running: $0.running,
        startedAt: $0.startedAt, lockPath: $0.lockPath, alive: overview.isAlive($0))
    }
    workersTotal = report.workers.count
  }
}
