/// The rule by which a claim shares its starts among the sources that have work.
///
/// Each source has a virtual time that grows by 1 / weight with each start. A claim takes from the source with the
/// smallest virtual time and gives each source a share, so that the sources take turns within one claim as they do
/// between claims.
package struct ClaimBudget: Hashable, Sendable {
  /// The largest number of rows of each kind that one claim examines without a start. A claim shares its transaction
  /// with others, so it must be short.
  package static let slice = 64
  /// The number of rows without a start that cost a source as much as one start.
  package static let looksToStart = 16.0

  private let limit: Int
  private var started = 0
  /// Rows that this claim examined without claiming a job.
  private var spent = 0

  /// - Parameter limit: the largest number of jobs for the worker.
  package init(limit: Int) {
    self.limit = limit
  }

  /// Whether the claim continues with the next source.
  package var isOpen: Bool { started < limit && !isSpent }
  package var isSpent: Bool { spent >= Self.slice }
  /// The number of rows that may still be examined.
  package var rest: Int { max(0, Self.slice - spent) }

  package mutating func start(_ jobs: Int = 1) { started += jobs }
  package mutating func spend(_ rows: Int = 1) { spent += rows }

  /// Returns the turn of the next source.
  /// - Parameter sources: the number of sources with work, including this one.
  package func turn(among sources: Int) -> Turn {
    Turn(share: max(1, (limit - started) / max(1, sources)), spent: spent)
  }

  /// The turn of one source within a claim.
  package struct Turn: Hashable, Sendable {
    /// The largest number of jobs for the source.
    package let share: Int
    private let spent: Int
    private var taken = 0

    fileprivate init(share: Int, spent: Int) {
      self.share = share
      self.spent = spent
    }

    package var isOver: Bool { taken >= share }
    /// The jobs that are left of the share.
    package var rest: Int { max(0, share - taken) }

    package mutating func take() { taken += 1 }

    /// Returns the cost of the turn to the source, in starts; nil if the turn examined no row, because another turn
    /// would examine none either.
    ///
    /// A turn without a start has a cost too. Otherwise a source with a million closed lanes would get every claim
    /// until all of them have been examined.
    package func cost(_ budget: ClaimBudget) -> Double? {
      if taken > 0 { return Double(taken) }
      let looks = budget.spent - spent
      return looks > 0 ? Double(looks) / ClaimBudget.looksToStart : nil
    }
  }
}

/// The virtual times of sources.
package enum Fairness {
  /// Returns the virtual time of a source that has work again. It is raised to the lowest of the sources that have
  /// work, so that the source's idle time gives it neither an advantage nor a delay.
  /// - Parameter least: the smallest virtual time of the sources that have open work; nil if there are none.
  package static func level(_ own: Double, least: Double?) -> Double { max(own, least ?? own) }

  /// Returns the virtual time after starts of this cost.
  package static func charged(_ own: Double, cost: Double, weight: Double) -> Double { own + cost / weight }
}
