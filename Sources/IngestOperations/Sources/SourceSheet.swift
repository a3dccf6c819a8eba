package import IngestCore

/// A source with all that limits it.
package struct SourceSheet: Sendable {
  package let report: SourceReport
  package let limits: [LimitReport]
  package let pauses: PauseReport
}

/// What holds after ``Operations/set(_:)``.
package enum SourceSetReport: Sendable {
  case one(SourceSheet, isNew: Bool)
  /// The limits that hold for all sources.
  case all([LimitReport])
}
