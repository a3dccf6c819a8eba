package import IngestCore
package import IngestOperations

/// A source with its counts and limits.
package struct SourceResponse: Codable, Hashable, Sendable {
  package var source: String
  package var weight: Double
  package var paused: Bool
  package var queued: Int
  package var running: Int
  package var waiting: Int
  package var completed: Int
  package var cancelled: Int
  package var dead: Int
  /// Queued jobs that could start now.
  package var ready: Int
  /// Why jobs that could start do not: `throttled`, `paused`, `breaker-open`.
  package var reason: String?
  package var nextAt: Timestamp?
  package var documents: Int?
  /// In a list of sources, the limits that hold for all jobs of the source together. For one source all limits, at most 50.
  package var limits: [LimitResponse]
  /// For one source only.
  package var limitsTotal: Int?
  /// For one source only: whether everything is paused.
  package var allPaused: Bool?

  package init(_ report: SourceReport) {
    source = report.source
    weight = report.weight
    paused = report.paused
    queued = report.queued
    running = report.running
    waiting = report.waiting
    completed = report.completed
    cancelled = report.cancelled
    dead = report.dead
    ready = report.ready
    reason = report.reason
    nextAt = report.nextAt
    documents = report.documents
    limits = report.limits.map { LimitResponse($0) }
  }

  package init(_ sheet: SourceSheet) {
    self.init(sheet.report)
    limits = sheet.limits.prefix(50).map { LimitResponse($0) }
    limitsTotal = sheet.limits.count
    allPaused = sheet.pauses.everything
  }
}
