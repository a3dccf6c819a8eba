package import IngestCore

/// The target of a pause or its end: everything, or sources by name.
package enum PauseSelection: Hashable, Sendable {
  case everything
  case sources([String])

  /// - Throws: `SOURCE_MISSING`, `SOURCE_AND_ALL` unless exactly one of the two is given.
  package init(_ sources: [String], isAll: Bool) throws(Failure) {
    try TargetChoice.sources.require(isNamed: !sources.isEmpty, isChosen: isAll)
    self = isAll ? .everything : .sources(sources)
  }

  var scopes: [PauseScope] {
    switch self {
    case .everything: [.everything]
    case .sources(let names): names.map { .source($0) }
    }
  }
}

/// The result of one pause, or of one end of a pause.
package struct PauseChange: Hashable, Sendable {
  package let scope: PauseScope
  package let paused: Bool
  /// Whether this changed the state.
  package let changed: Bool

  package init(scope: PauseScope, paused: Bool, changed: Bool) {
    self.scope = scope
    self.paused = paused
    self.changed = changed
  }
}

/// The pauses that ended, and those that still keep jobs from starting.
package struct ResumeReport: Hashable, Sendable {
  package let changes: [PauseChange]
  package let pauses: PauseReport
  /// After the end of the pause of everything: the sources that are still paused by name, at most 1000.
  package let pausedSources: [String]
}

extension Operations {
  /// Pauses: no more jobs of the selection start. Running jobs continue. Every name is checked before anything is paused.
  /// - Throws: `SOURCE_NOT_FOUND`.
  package func pause(_ selection: PauseSelection) async throws -> [PauseChange] {
    try await takeOverFlow()
    try await check(selection)
    var changes: [PauseChange] = []
    for scope in selection.scopes {
      let changed = try await limits.pause(scope, actor: actorText)
      changes.append(PauseChange(scope: scope, paused: true, changed: changed))
    }
    return changes
  }

  /// Ends a pause: jobs of the selection start again.
  /// - Throws: `SOURCE_NOT_FOUND`.
  package func resume(_ selection: PauseSelection) async throws -> ResumeReport {
    try await takeOverFlow()
    try await check(selection)
    var changes: [PauseChange] = []
    for scope in selection.scopes {
      let changed = try await limits.resume(scope, actor: actorText)
      changes.append(PauseChange(scope: scope, paused: false, changed: changed))
    }
    let paused =
      selection == .everything
      ? try await limits.sources(SourceFilter(limit: 1000)).filter(\.paused).map(\.source) : []
    return ResumeReport(changes: changes, pauses: try await limits.pauses(), pausedSources: paused)
  }

  private func check(_ selection: PauseSelection) async throws {
    guard case .sources(let names) = selection else { return }
    for name in names { _ = try await source(name) }
  }
}
