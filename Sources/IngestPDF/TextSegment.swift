/// A stretch of a line without a wide gap in it: what reading order is about.
struct TextSegment {
  /// In the page's bytes, half-open, without space at the ends.
  var start: Int
  var end: Int
  var left: Float
  var top: Float
  var right: Float
  var bottom: Float
  /// In points, of most of its characters.
  var size: Float
  var bold: Bool
  var characters: Int
  /// It runs up or down the page.
  var turned: Bool

  var height: Float { bottom - top }
  var width: Float { right - left }

  /// Whether the two stand beside each other.
  func sharesRow(with other: TextSegment) -> Bool {
    let overlap = min(bottom, other.bottom) - max(top, other.top)
    return overlap > 0.5 * min(height, other.height)
  }
}
