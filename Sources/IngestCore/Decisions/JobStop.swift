/// The way to stop a job that a newer job of its singleton, its schedule or its parent stops.
package enum JobStop: Hashable, Sendable {
  /// The job is not running: it ends `cancelled` immediately.
  case cancel
  /// The job is running: its worker is asked to stop it.
  case request
  /// The job has already ended.
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
