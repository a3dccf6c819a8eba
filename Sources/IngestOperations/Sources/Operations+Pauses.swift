package import IngestCore

/// What is paused or resumed: everything, or sources by name.
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

/// One pause, or one end of a pause.
package struct PauseChange: Hashable, Sendable {
  package let scope: PauseScope
  package let paused: Bool
  /// Whether it was otherwise before.
  package let changed: Bool

  package init(scope: PauseScope, paused: Bool, changed: Bool) {
    self.scope = scope
    self.paused = paused
    self.changed = changed
  }
}

/// What ended, and what still keeps jobs from starting.
package struct ResumeReport: Hashable, Sendable {
  package let changes: [PauseChange]
  package let pauses: PauseReport
  /// Sources that are paused by name, after everything was resumed: at most 1000.
  package let pausedSources: [String]
}

extension Operations {
  /// Starts no more jobs of these; those that run go on. Every name is checked before anything is paused.
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

  /// Lets jobs of these start again.
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
