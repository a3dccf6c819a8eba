import IngestCore

extension JobState {
  /// The state's colour in all output.
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
