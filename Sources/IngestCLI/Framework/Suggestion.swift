internal import IngestCore

/// The known name that was most likely meant.
package enum Suggestion {
  /// A beginning that only one name has comes before a nearness in letters: `comp` means `completion`.
  package static func nearest(to word: String, among names: [String]) -> String? {
    let longer = names.filter { word.count >= 2 && word != "--" && $0.hasPrefix(word) }
    if longer.count == 1 { return longer.first }
    return nearestName(to: word, among: names)
  }
}
