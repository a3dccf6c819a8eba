import IngestCore
package import IngestOperations

/// What a pause or its end changed.
package struct PauseResponse: Codable, Hashable, Sendable {
  package var source: String?
  package var workflow: String?
  /// Whether it was everything.
  package var all: Bool
  package var paused: Bool
  /// Whether it was otherwise before.
  package var changed: Bool

  package init(_ change: PauseChange) {
    paused = change.paused
    changed = change.changed
    all = change.scope == .everything
    if case .source(let name) = change.scope { source = name }
    if case .workflow(let name) = change.scope { workflow = name }
  }
}
