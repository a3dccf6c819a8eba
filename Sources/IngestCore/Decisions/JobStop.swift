/// How a job stops that something else stops: a newer job of its singleton, its schedule, its parent.
package enum JobStop: Hashable, Sendable {
  /// It ends `cancelled` at once.
  case cancel
  /// It runs, so its worker is asked to stop it.
  case request
  /// It has ended.
  case nothing
}

extension JobState {
  package var stop: JobStop {
    switch self {
    case .queued, .waiting: .cancel
    case .running: .request
    case .completed, .cancelled, .dead: .nothing
    }
  }
}
