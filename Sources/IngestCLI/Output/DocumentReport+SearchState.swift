import IngestCore

extension DocumentReport {
  /// Whether the live generation holds the document's newest revision.
  enum SearchState: String {
    /// The live generation holds the newest revision.
    case current
    /// The newest revision is a delete, and it has been applied.
    case deleted
    /// A job is adding the newest revision.
    case behind
    /// The job of the newest revision died.
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

  var searchState: SearchState {
    if held == revision { return deleted ? .deleted : .current }
    return state == .dead ? .dead : .behind
  }
}
