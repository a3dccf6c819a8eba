/// A limit that holds for a source's jobs, and what is left of it.
package struct SourceLimit: Hashable, Sendable {
  /// The one in force; of a live one that lifts a configured one, ``LimitRule/spec`` is nil.
  package var rule: LimitRule
  /// What the configuration says where a live limit hides it.
  package var configured: String?
  /// What could start now; below 0 it pays off something heavy. Nil where each value of its key has its own, or it is
  /// kept with a dependency.
  package var free: Int?

  package init(rule: LimitRule, configured: String? = nil, free: Int? = nil) {
    self.rule = rule
    self.configured = configured
    self.free = free
  }
}

/// What is paused besides sources.
package struct PauseReport: Hashable, Sendable {
  package var everything: Bool
  /// Sorted.
  package var workflows: [String]

  package init(everything: Bool, workflows: [String]) {
    self.everything = everything
    self.workflows = workflows
  }
}
