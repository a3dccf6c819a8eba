/// What becomes of an unsettled write once somebody has checked what its generation shows.
package enum SettleDecision: Hashable, Sendable {
  /// The catalogue records what is shown.
  case takeOver(ShownRevision)
  /// It may still come: its next check is due after this wait.
  case checkAgain(after: Duration)
  /// Nothing is left to find out.
  case forget
}

extension UnsettledWrite {
  /// How long a worker that was stopped may take to wake up and write; checks end after it.
  package static let lateness: Duration = .seconds(86_400)
  /// Between the first checks.
  package static let pause: Duration = .seconds(60)

  /// - Parameters:
  ///   - isHeld: whether the catalogue holds this revision or a later one by now.
  ///   - shown: what the generation shows of the document, whole.
  ///   - age: since the write was noted.
  package func decide(isHeld: Bool, shown: ShownRevision?, age: Duration) -> SettleDecision {
    if isHeld { return .forget }
    if let shown, shown.revision == revision { return .takeOver(shown) }
    guard age < Self.lateness else { return .forget }
    return .checkAgain(after: max(Self.pause, min(age * 5, Self.lateness - age)))
  }
}
