/// When a queued job can start.
package struct QueuedStart: Hashable, Sendable {
  package var reason: QueuedReason
  /// When a claim makes it ready; nil if it is ready now, or if the end of another job makes it ready.
  package var dueAt: Timestamp?
  /// The requested start time, if it is in the future.
  package var notBefore: Timestamp?

  /// - Parameter isBlocked: whether it waits for an earlier job of its document, or for its turn among its siblings.
  package init(notBefore: Timestamp?, isBlocked: Bool, now: Timestamp) {
    let later = notBefore.flatMap { $0 > now ? $0 : nil }
    reason = isBlocked ? .afterPrevious : later == nil ? .ready : .scheduled
    dueAt = isBlocked ? nil : later
    self.notBefore = later
  }
}

/// The effect of a new revision's job on an earlier job of its document in the same generation.
package enum EarlierJob: Hashable, Sendable {
  /// The earlier job has not started. It ends as superseded.
  case superseded
  /// The earlier job has started. The new job waits until it has ended.
  case blocks
  /// The earlier job has ended: no effect.
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
