import IngestCore
package import IngestOperations

/// The result of a pause or of its end.
package struct PauseResponse: Codable, Hashable, Sendable {
  package var source: String?
  package var workflow: String?
  /// Whether everything was paused or resumed.
  package var all: Bool
  package var paused: Bool
  /// Whether this changed the state.
  package var changed: Bool

  package init(_ change: PauseChange) {
    paused = change.paused
    changed = change.changed
    all = change.scope == .everything
    if case .source(let name) = change.scope { source = name }
    if case .workflow(let name) = change.scope { workflow = name }
  }
}
