/// A fusion of ranked lists whose scores cannot be compared: each place in a list is worth `1 / (constant + rank)`.
///
/// Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual rank learning methods"
/// (SIGIR 2009), where 60 was found to suit most lists.
package enum ReciprocalRankFusion {
  package static let constant = 60

  /// Returns the best `limit` items by the sum over all lists. Among equal sums, the item with the better rank in any
  /// list comes first, then the lesser item, so that equal input gives equal output.
  /// - Parameter lists: each best first and without repetition.
  package static func fuse<Item: Hashable & Comparable>(
    _ lists: [[Item]], limit: Int
  ) -> [(item: Item, score: Double)] {
    var standings: [Item: (score: Double, best: Int)] = [:]
    for list in lists {
      for (position, item) in list.enumerated() {
        let (score, best) = standings[item] ?? (0, .max)
        standings[item] = (score + 1 / Double(constant + position + 1), min(best, position))
      }
    }
    return
      standings
      .sorted { left, right in
        if left.value.score != right.value.score { return left.value.score > right.value.score }
        if left.value.best != right.value.best { return left.value.best < right.value.best }
        return left.key < right.key
      }
      .prefix(limit)
      .map { (item: $0.key, score: $0.value.score) }
  }
}
