/// How a claim shares its starts among the sources that have work.
///
/// Each source has a virtual time that grows by 1 / weight for each start. A claim takes from the source with the least, and
/// gives each a share, so that the sources take turns within one claim as they do between claims.
package struct ClaimBudget: Hashable, Sendable {
  /// Rows of each kind that one claim examines at most without a start: no member of a group of transactions may take long.
  package static let slice = 64
  /// How many rows that led to no start cost a source as much as one start.
  package static let looksToStart = 16.0

  private let limit: Int
  private var started = 0
  /// Rows that this claim examined without claiming a job.
  private var spent = 0

  /// - Parameter limit: how many jobs the worker takes at most.
  package init(limit: Int) {
    self.limit = limit
  }

  /// Whether the claim goes on to the next source.
  package var isOpen: Bool { started < limit && !isSpent }
  package var isSpent: Bool { spent >= Self.slice }
  /// How many more rows may be examined.
  package var rest: Int { max(0, Self.slice - spent) }

  package mutating func start(_ jobs: Int = 1) { started += jobs }
  package mutating func spend(_ rows: Int = 1) { spent += rows }

  /// The next source's turn.
  /// - Parameter sources: how many sources have work, this one among them.
  package func turn(among sources: Int) -> Turn {
    Turn(share: max(1, (limit - started) / max(1, sources)), spent: spent)
  }

  /// One source's turn within a claim.
  package struct Turn: Hashable, Sendable {
    /// How many jobs it may take.
    package let share: Int
    private let spent: Int
    private var taken = 0

    fileprivate init(share: Int, spent: Int) {
      self.share = share
      self.spent = spent
    }

    package var isOver: Bool { taken >= share }
    /// How many jobs are left of the share.
    package var rest: Int { max(0, share - taken) }

    package mutating func take() { taken += 1 }

    /// What the turn costs the source, in starts; nil when nothing came of it, and nothing would of another.
    ///
    /// A turn that started nothing costs something as well: else the source would have every claim to itself until a million
    /// of its lanes are closed or sorted out.
    package func cost(_ budget: ClaimBudget) -> Double? {
      if taken > 0 { return Double(taken) }
      let looks = budget.spent - spent
      return looks > 0 ? Double(looks) / ClaimBudget.looksToStart : nil
    }
  }
}

/// The virtual times of sources.
package enum Fairness {
  /// The virtual time of a source that has something to start again: level with the others, so that it neither claims the
  /// time it slept nor waits for it.
  /// - Parameter least: the least of the sources that have open work; nil where there are none.
  package static func level(_ own: Double, least: Double?) -> Double { max(own, least ?? own) }

  /// After starts that cost so much.
  package static func charged(_ own: Double, cost: Double, weight: Double) -> Double { own + cost / weight }
}
