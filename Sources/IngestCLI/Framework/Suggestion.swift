internal import IngestCore

/// The known name that is nearest to a mistyped one, for hints.
package enum Suggestion {
  /// Returns the nearest name. A unique beginning wins over similar letters: `comp` means `completion`.
  package static func nearest(to word: String, among names: [String]) -> String? {
    let longer = names.filter { word.count >= 2 && word != "--" && $0.hasPrefix(word) }
    if longer.count == 1 { return longer.first }
    return nearestName(to: word, among: names)
  }
}
