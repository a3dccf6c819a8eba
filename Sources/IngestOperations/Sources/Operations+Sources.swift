package import IngestCore

extension Operations {
  /// Returns the sources, the busiest first, and the pauses of everything and of workflows.
  package func sources(limit: Int) async throws -> (sources: [SourceReport], pauses: PauseReport) {
    try await takeOverFlow()
    return (try await limits.sources(SourceFilter(limit: limit)), try await limits.pauses())
  }

  /// Returns a source with its counts and limits.
  /// - Throws: `SOURCE_NOT_FOUND` with the nearest name.
  package func source(_ name: String) async throws -> SourceReport {
    if let found = try await limits.sources(SourceFilter(names: [name], limit: 1)).first { return found }
    let known = try await limits.sources(SourceFilter(limit: 1000)).map(\.source)
    throw Failure(
      .permanent, code: "SOURCE_NOT_FOUND", "There is no source '\(name)'.",
      hint: nearestName(to: name, among: known).map { "Did you mean '\($0)'?" }
        ?? "\(Action(.sourceList)) lists the sources; a submit or \(Action(.sourceSet, name, with: ["create": nil])) creates one.",
      category: .notFound)
  }

  /// Returns a source with everything that limits it.
  /// - Throws: `SOURCE_NOT_FOUND`.
  package func sourceSheet(_ name: String) async throws -> SourceSheet {
    try await takeOverFlow()
    return SourceSheet(
      report: try await source(name), limits: try await limits.limits(ofSource: name),
      pauses: try await limits.pauses())
  }

  /// Sets limits and a weight live: they apply to every worker immediately.
  /// - Throws: as ``SourceSettings/check()``, and `BURST_TWICE`, `BURST_WITHOUT_THROTTLE`, `LIMIT_INVALID`,
  ///   `SOURCE_NOT_FOUND`, `NAME_INVALID`.
  @discardableResult
  package func set(_ settings: SourceSettings) async throws -> SourceSetReport {
    try settings.check()
    try await takeOverFlow()
    var changes = try settings.changes(inForce: try await throttleInForce(settings))
    var isNew = false
    if let source = settings.source {
      if settings.creates {
        try NameRule.checkSource(source)
        isNew = try await limits.createSource(source, actor: actorText)
      } else {
        _ = try await self.source(source)
      }
    }
    if settings.resetsAll {
      let kept = Set(changes.map(\.id))
      let live = try await limits.limits().filter { $0.origin == .live }.map(\.id)
      changes += live.filter { $0.scope.source == settings.source ?? "" && !kept.contains($0) }.map { .reset($0) }
    }
    if !changes.isEmpty { try await limits.setLimits(changes, actor: actorText) }
    guard let source = settings.source else {
      return .all(try await limits.limits(ofSource: "").filter { $0.entry.id.scope.source.isEmpty })
    }
    switch settings.weight ?? (settings.resetsAll ? .reset : nil) {
    case .set(let weight)?: try await limits.setWeight(weight, source: source, actor: actorText)
    case .lift?, .reset?: try await limits.setWeight(nil, source: source, actor: actorText)
    case nil: break
    }
    return .one(try await sourceSheet(source), isNew: isNew)
  }

  /// Returns the throttle in force, if the settings have a burst without a throttle; else nil.
  private func throttleInForce(_ settings: SourceSettings) async throws -> LimitEntry? {
    guard settings.burst != nil, settings.throttle == nil else { return nil }
    let id = settings.id(.throttle)
    return try await limits.limits(ofSource: id.scope.source).first { $0.entry.id == id }?.entry
  }
}
