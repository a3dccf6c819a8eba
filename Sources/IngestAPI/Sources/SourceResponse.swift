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
  /// Of the queued ones: how many could start now.
  package var ready: Int
  /// Why those that could start do not: `throttled`, `paused`, `breaker-open`.
  package var reason: String?
  package var nextAt: Timestamp?
  package var documents: Int?
  /// In a list of sources those that hold for all of its jobs together; of one source all, at most 50.
  package var limits: [LimitResponse]
  /// Of one source.
  package var limitsTotal: Int?
  /// Of one source: whether everything is paused.
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
