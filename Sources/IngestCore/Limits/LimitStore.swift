/// What operators ask about limits, weights and pauses, and do to them. Each change applies to every worker at once.
package protocol LimitStore: Sendable {
  /// All limits, those that a live one hides included.
  func limits() async throws -> [LimitEntry]
  /// Sets or lifts live limits, all or none.
  func setLimits(_ changes: [LimitChange], actor: String) async throws
  /// Takes over what the configuration says, if it has changed since it was last taken over: its limits, weights and
  /// pauses replace the former configuration's; live ones stay.
  /// - Returns: whether anything changed.
  @discardableResult
  func configure(_ flow: ConfiguredFlow, actor: String) async throws -> Bool
  /// Sets a source's weight live; nil returns to the configured one.
  /// - Throws: `SOURCE_NOT_FOUND`.
  func setWeight(_ weight: Double?, source: String, actor: String) async throws
  /// - Returns: whether it was not paused before.
  /// - Throws: `SOURCE_NOT_FOUND`.
  func pause(_ scope: PauseScope, actor: String) async throws -> Bool
  /// - Returns: whether it was paused.
  func resume(_ scope: PauseScope, actor: String) async throws -> Bool
  func sources(_ filter: SourceFilter) async throws -> [SourceReport]
  /// Makes a source of which no document has come yet, so that it can be given limits first.
  /// - Returns: whether it is new.
  func createSource(_ name: String, actor: String) async throws -> Bool
  /// The limits that hold for a source's jobs, or can hold for some of them, and what is left of each.
  func limits(ofSource name: String) async throws -> [LimitReport]
  func pauses() async throws -> PauseReport
}

/// What a configuration file says of flow control.
package struct ConfiguredFlow: Hashable, Sendable {
  package struct Source: Hashable, Sendable {
    package var name: String
    package var weight: Double?
    package var paused: Bool?

    /// What a weight can be.
    package static let weights = 0.01...1000

    package init(name: String, weight: Double? = nil, paused: Bool? = nil) {
      self.name = name
      self.weight = weight
      self.paused = paused
    }
  }

  package var limits: [Limit]
  package var sources: [Source]
  /// Names this text: what was taken over before is not taken over again.
  package var fingerprint: String

  package init(limits: [Limit], sources: [Source], fingerprint: String) {
    self.limits = limits
    self.sources = sources
    self.fingerprint = fingerprint
  }
}

package enum PauseScope: Hashable, Sendable {
  case everything
  case source(String)
  case workflow(String)
}

package struct SourceFilter: Hashable, Sendable {
  package var names: [String]?
  package var limit: Int

  package init(names: [String]? = nil, limit: Int = 50) {
    self.names = names
    self.limit = limit
  }
}
