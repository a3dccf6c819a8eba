/// Returns the candidate that was most likely meant: the nearest by Damerau–Levenshtein distance (a letter too many,
/// missing, wrong, or swapped with its neighbour), ignoring case.
///
/// A third of the letters may be wrong, at least 1 and at most 3; beyond that a suggestion confuses more than it helps.
/// Of equal distances the name that sorts first wins. Nil when no candidate is near, or when `name` is one of them.
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars)
  let bound = max(1, min(3, wanted.count / 3))
  var best: (distance: Int, name: String)?
  for candidate in candidates {
    if candidate == name { return nil }
    let scalars = Array(candidate.lowercased().unicodeScalars)
    guard abs(scalars.count - wanted.count) <= bound else { continue }
    let distance = editDistance(wanted, scalars, bound: bound)
    guard distance <= bound else { continue }
    if let best, (best.distance, best.name) <= (distance, candidate) { continue }
    best = (distance, candidate)
  }
  return best?.name
}

/// Returns the number of edits between two texts, or some number above `bound` when there are more than `bound`.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], bound: Int) -> Int {
  guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for row in 1...left.count {
    var current = [row]
    current.reserveCapacity(right.count + 1)
    for column in 1...right.count {
      let same = left[row - 1] == right[column - 1]
      var cost = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1))
      if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
        cost = min(cost, beforePrevious[column - 2] + 1)
      }
      current.append(cost)
    }
    if current.allSatisfy({ $0 > bound }) { return bound + 1 }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[right.count]
}
