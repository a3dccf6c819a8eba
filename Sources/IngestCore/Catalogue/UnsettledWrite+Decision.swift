/// The decision about an unsettled write, after a check of what its generation shows.
package enum SettleDecision: Hashable, Sendable {
  /// The catalogue records what is shown.
  case takeOver(ShownRevision)
  /// The write may still happen: the next check is due after this wait.
  case checkAgain(after: Duration)
  /// Nothing is left to check.
  case forget
}

extension UnsettledWrite {
  /// How long a worker that was stopped may take to wake up and write; checks end after it.
  package static let lateness: Duration = .seconds(86_400)
  /// The time between the first checks.
  package static let pause: Duration = .seconds(60)

  /// - Parameters:
  ///   - isHeld: whether the catalogue now holds this revision or a later one.
  ///   - shown: the revision of the document that the generation shows in full.
  ///   - age: since the write was noted.
  package func decide(isHeld: Bool, shown: ShownRevision?, age: Duration) -> SettleDecision {
    if isHeld { return .forget }
    if let shown, shown.revision == revision { return .takeOver(shown) }
    guard age < Self.lateness else { return .forget }
    return .checkAgain(after: max(Self.pause, min(age * 5, Self.lateness - age)))
  }
}
