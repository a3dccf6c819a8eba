package import IngestCore
package import IngestOperations

/// The counts of jobs, the sources, the breakers and the workers.
package struct StatusResponse: Codable, Hashable, Sendable {
  /// The queued jobs that wait for one reason.
  package struct Reason: Codable, Hashable, Sendable {
    package var reason: QueuedReason
    package var count: Int
    package var nextAt: Timestamp?
  }

  package struct Source: Codable, Hashable, Sendable {
    package var source: String
    package var queued: Int
    package var running: Int
    package var waiting: Int
    package var completed: Int
    package var cancelled: Int
    package var dead: Int
  }

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
  package var queuedReasons: [Reason]
  /// At most 50, like every list here.
  package var sources: [Source]
  package var sourcesTotal: Int
  package var breakers: [BreakerResponse]
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
    queuedReasons = report.queuedReasons.map { Reason(reason: $0.reason, count: $0.count, nextAt: $0.nextAt) }
    sources = report.sources.map {
      Source(
        source: $0.source, queued: $0.queued, running: $0.running, waiting: $0.waiting, completed: $0.completed,
        cancelled: $0.cancelled, dead: $0.dead)
    }
    sourcesTotal = report.sourcesTotal
    breakers = report.breakers.map(BreakerResponse.init)
    breakersTotal = report.breakersTotal
    workers = report.workers.prefix(50).map {
      Worker(
        worker: $0.worker, process: $0.process, host: $0.host, concurrency: $0.concurrency, running: $0.running,
        startedAt: $0.startedAt, lockPath: $0.lockPath, alive: overview.isAlive($0))
    }
    workersTotal = report.workers.count
  }
}
