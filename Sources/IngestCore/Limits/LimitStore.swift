/// The store operations on limits, weights and pauses. Each change applies to every worker immediately.
package protocol LimitStore: Sendable {
  /// Returns all limits, including those that a live one hides.
  func limits() async throws -> [LimitEntry]
  /// Sets or lifts live limits, all or none.
  func setLimits(_ changes: [LimitChange], actor: String) async throws
  /// Applies the configuration if it has changed since it was last applied. Its limits, weights and pauses replace
  /// those of the previous configuration; live ones stay.
  /// - Returns: whether anything changed.
  @discardableResult
  func configure(_ flow: ConfiguredFlow, actor: String) async throws -> Bool
  /// Sets a source's weight live; nil returns to the configured one.
  /// - Throws: `SOURCE_NOT_FOUND`.
  func setWeight(_ weight: Double?, source: String, actor: String) async throws
  /// Pauses a scope.
  /// - Returns: false if it was paused before.
  /// - Throws: `SOURCE_NOT_FOUND`.
  func pause(_ scope: PauseScope, actor: String) async throws -> Bool
  /// Resumes a scope.
  /// - Returns: whether it was paused.
  func resume(_ scope: PauseScope, actor: String) async throws -> Bool
  func sources(_ filter: SourceFilter) async throws -> [SourceReport]
  /// Creates a source that has no documents yet, so that limits can be set first.
  /// - Returns: whether it is new.
  func createSource(_ name: String, actor: String) async throws -> Bool
  /// Returns the limits that apply to a source's jobs, or can apply to some of them, and what is left of each.
  func limits(ofSource name: String) async throws -> [LimitReport]
  func pauses() async throws -> PauseReport
}

/// The flow control that a configuration file sets.
package struct ConfiguredFlow: Hashable, Sendable {
  package struct Source: Hashable, Sendable {
    package var name: String
    package var weight: Double?
    package var paused: Bool?

    /// The valid weights.
    package static let weights = 0.01...1000

    package init(name: String, weight: Double? = nil, paused: Bool? = nil) {
      self.name = name
      self.weight = weight
      self.paused = paused
    }
  }

  package var limits: [Limit]
  package var sources: [Source]
  /// Identifies this configuration, so that it is not applied twice.
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
