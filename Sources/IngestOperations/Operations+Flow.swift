package import IngestCore

/// What becomes of one setting that can be live or configured.
package enum LiveSetting<Value: Hashable & Sendable>: Hashable, Sendable {
  case set(Value)
  /// No such limit, whatever the configuration says.
  case lift
  /// What the configuration says.
  case reset
}

/// What `source set` asks for. The limits change together or not at all.
package struct SourceChange: Sendable {
  /// Nil for limits that hold for all sources.
  package var source: String?
  package var limits: [LimitChange] = []
  /// Nil leaves the weight; ``LiveSetting/lift`` is no weight's.
  package var weight: LiveSetting<Double>?
  /// Forgets every live limit, and the live weight.
  package var resetsAll = false
  /// Whether a source that no document came from yet is made.
  package var creates = false

  package init(source: String?) { self.source = source }
}

extension Operations {
  /// The source, with its counts and limits.
  /// - Throws: `SOURCE_NOT_FOUND`, with the nearest name.
  package func source(_ name: String) async throws -> SourceReport {
    if let found = try await limits.sources(SourceFilter(names: [name], limit: 1)).first { return found }
    let known = try await limits.sources(SourceFilter(limit: 1000)).map(\.source)
    throw Failure(
      .permanent, code: "SOURCE_NOT_FOUND", "There is no source '\(name)'.",
      hint: nearestName(to: name, among: known).map { "Did you mean '\($0)'?" }
        ?? "\(Action(.sourceList)) shows those there are; a submit or \(Action(.sourceSet, name, with: ["create": nil])) makes one.",
      category: .notFound)
  }

  /// Sets limits and a weight, live: they hold for every worker at once.
  /// - Returns: whether the source is new.
  /// - Throws: `SOURCE_NOT_FOUND`.
  @discardableResult
  package func change(_ change: SourceChange) async throws -> Bool {
    var isNew = false
    if let source = change.source {
      if change.creates {
        try NameRule.checkSource(source)
        isNew = try await limits.createSource(source, actor: actorText)
      } else {
        _ = try await self.source(source)
      }
    }
    var changes = change.limits
    if change.resetsAll {
      let kept = Set(changes.map(\.id))
      let live = try await limits.limits().filter { $0.origin == .live }.map(\.id)
      changes += live.filter { $0.scope.source == change.source ?? "" && !kept.contains($0) }.map { .reset($0) }
    }
    if !changes.isEmpty { try await limits.setLimits(changes, actor: actorText) }
    if let source = change.source {
      switch change.weight ?? (change.resetsAll ? .reset : nil) {
      case .set(let weight)?: try await limits.setWeight(weight, source: source, actor: actorText)
      case .lift?, .reset?: try await limits.setWeight(nil, source: source, actor: actorText)
      case nil: break
      }
    }
    return isNew
  }
}
