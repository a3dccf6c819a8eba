import IngestCore

extension JobState {
  /// The colour that it has everywhere.
  var style: Style? {
    switch self {
    case .queued, .waiting: nil
    case .running: .match
    case .completed: .good
    case .cancelled: .warning
    case .dead: .bad
    }
  }
}
