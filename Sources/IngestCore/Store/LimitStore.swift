/// What operators ask about limits, weights and pauses, and do to them. Each change applies to every worker at once.
package protocol LimitStore: Sendable {
  /// All limits, those that a live one hides included.
  func limits() async throws -> [LimitRule]
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
  func limits(ofSource name: String) async throws -> [SourceLimit]
  func pauses() async throws -> PauseReport
}

/// A limit in force.
package struct LimitRule: Hashable, Sendable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case throttle
    case rateLimit = "rate-limit"
    case concurrency
  }

  package enum Origin: String, Codable, Sendable {
    case configuration, live
  }

  package var kind: Kind
  /// What it is counted by.
  package var key: LimitKey
  package var unit: Throttle.Unit
  /// What it holds for.
  package var scope: Scope
  /// `60/m burst 10`, or how many at once; nil lifts the configured limit that it hides.
  package var spec: String?
  package var origin: Origin

  /// Empty fields mean all.
  package struct Scope: Hashable, Sendable {
    package var source: String
    package var index: String
    package var workflow: String
    package var provider: String

    package init(source: String = "", index: String = "", workflow: String = "", provider: String = "") {
      self.source = source
      self.index = index
      self.workflow = workflow
      self.provider = provider
    }
  }

  package init(
    kind: Kind, key: LimitKey, unit: Throttle.Unit = .jobs, scope: Scope = Scope(), spec: String?, origin: Origin
  ) {
    self.kind = kind
    self.key = key
    self.unit = unit
    self.scope = scope
    self.spec = spec
    self.origin = origin
  }
}

package enum LimitChange: Hashable, Sendable {
  /// A live limit in place of the one of the same kind, key, unit and scope.
  case set(LimitRule)
  /// No such limit, whatever the configuration says.
  case lift(LimitRule)
  /// What the configuration says.
  case reset(LimitRule)
}

/// What a configuration file says of flow control.
package struct ConfiguredFlow: Hashable, Sendable {
  package struct Source: Hashable, Sendable {
    package var name: String
    package var weight: Double?
    package var paused: Bool?

    package init(name: String, weight: Double? = nil, paused: Bool? = nil) {
      self.name = name
      self.weight = weight
      self.paused = paused
    }
  }

  package var limits: [LimitRule]
  package var sources: [Source]
  /// Names this text: what was taken over before is not taken over again.
  package var fingerprint: String

  package init(limits: [LimitRule], sources: [Source], fingerprint: String) {
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

/// A source as it is shown.
package struct SourceReport: Encodable, Sendable {
  package struct Limit: Encodable, Sendable {
    package var kind: String
    package var per: String
    package var unit: String
    package var spec: String
    package var origin: String

    package init(kind: String, per: String, unit: String, spec: String, origin: String) {
      self.kind = kind
      self.per = per
      self.unit = unit
      self.spec = spec
      self.origin = origin
    }
  }

  package var source: String
  package var weight: Double
  package var paused: Bool
  package var queued: Int
  package var running: Int
  package var waiting: Int
  package var completed: Int
  package var cancelled: Int
  package var dead: Int
  /// Of the queued ones: how many could start now.
  package var ready: Int
  /// Why those that could start do not: `throttled`, `paused`, `breaker-open`; nil while they do.
  package var reason: String?
  package var nextAt: Timestamp?
  package var documents: Int?
  package var limits: [Limit]

  package init(
    source: String, weight: Double, paused: Bool, queued: Int, running: Int, waiting: Int, completed: Int,
    cancelled: Int, dead: Int, ready: Int, reason: String?, nextAt: Timestamp?, documents: Int?, limits: [Limit]
  ) {
    self.source = source
    self.weight = weight
    self.paused = paused
    self.queued = queued
    self.running = running
    self.waiting = waiting
    self.completed = completed
    self.cancelled = cancelled
    self.dead = dead
    self.ready = ready
    self.reason = reason
    self.nextAt = nextAt
    self.documents = documents
    self.limits = limits
  }
}
