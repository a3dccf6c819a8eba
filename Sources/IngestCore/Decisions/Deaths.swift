/// What deaths of workers and parsers do to the jobs that were in flight.
package enum Deaths {
  /// Deaths with no other document in the process after which a content is quarantined.
  package static let toQuarantine = 3
  /// Deaths after which a job runs alone.
  package static let toRunAlone = 2

  package static func isQuarantined(_ deaths: Int) -> Bool { deaths >= toQuarantine }

  /// Whether a job runs alone from now on, given how many deaths it was in flight at.
  package static func runsAlone(_ deaths: Int) -> Bool { deaths >= toRunAlone }
}
