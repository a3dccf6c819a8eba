/// When a queued job can start.
package struct QueuedStart: Hashable, Sendable {
  package var reason: QueuedReason
  /// When a claim makes it ready; nil where that is now, or where another job does.
  package var dueAt: Timestamp?
  /// The time it was asked to start at, while that lies ahead.
  package var notBefore: Timestamp?

  /// - Parameter isBlocked: whether it waits for an earlier job of its document, or for its turn among its siblings.
  package init(notBefore: Timestamp?, isBlocked: Bool, now: Timestamp) {
    let later = notBefore.flatMap { $0 > now ? $0 : nil }
    reason = isBlocked ? .afterPrevious : later == nil ? .ready : .scheduled
    dueAt = isBlocked ? nil : later
    self.notBefore = later
  }
}

/// What a new revision's job does to an earlier open job of its document in the same generation.
package enum EarlierJob: Hashable, Sendable {
  /// It has not started, and is superseded.
  case superseded
  /// It is under way, and the new job waits for its end.
  case blocks
  /// It has ended.
  case nothing
}

extension JobState {
  package var beforeNewRevision: EarlierJob {
    switch self {
    case .queued: .superseded
    case .running, .waiting: .blocks
    case .completed, .cancelled, .dead: .nothing
    }
  }
}
