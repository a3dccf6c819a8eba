/// The effect of deaths of workers and parsers on the jobs that were in flight.
package enum Deaths {
  /// The number of deaths with no other document in the process after which a content is quarantined.
  package static let toQuarantine = 3
  /// The number of deaths after which a job runs alone.
  package static let toRunAlone = 2

  package static func isQuarantined(_ deaths: Int) -> Bool { deaths >= toQuarantine }

  /// Returns whether a job runs alone from now on, given the number of deaths at which it was in flight.
  package static func runsAlone(_ deaths: Int) -> Bool { deaths >= toRunAlone }
}
