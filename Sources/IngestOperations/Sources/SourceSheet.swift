package import IngestCore

/// A source with everything that limits it.
package struct SourceSheet: Sendable {
  package let report: SourceReport
  package let limits: [LimitReport]
  package let pauses: PauseReport
}

/// The limits in force after ``Operations/set(_:)``.
package enum SourceSetReport: Sendable {
  case one(SourceSheet, isNew: Bool)
  /// The limits of all sources.
  case all([LimitReport])
}
