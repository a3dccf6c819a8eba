import IngestCore

extension DocumentReport {
  /// How live stands to what is wanted, in one word.
  enum Standing: String {
    /// Live holds the newest revision.
    case current
    /// The newest revision is a delete, and live has done it.
    case deleted
    /// A job is bringing the newest revision.
    case behind
    /// The job that should have brought it died.
    case dead

    var style: Style {
      switch self {
      case .current: .good
      case .deleted: .dim
      case .behind: .warning
      case .dead: .bad
      }
    }
  }

  var standing: Standing {
    if held == revision { return deleted ? .deleted : .current }
    return state == .dead ? .dead : .behind
  }
}
