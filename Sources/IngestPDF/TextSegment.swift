/// A part of a line without a wide gap. Reading order works on these.
struct TextSegment {
  /// Half-open range of the page's bytes, without space at the ends.
  var start: Int
  var end: Int
  var left: Float
  var top: Float
  var right: Float
  var bottom: Float
  /// Size in points of most characters.
  var size: Float
  var bold: Bool
  var characters: Int
  /// Whether the text runs up or down the page.
  var turned: Bool

  var height: Float { bottom - top }
  var width: Float { right - left }

  /// Returns whether the two segments are side by side.
  func sharesRow(with other: TextSegment) -> Bool {
    let overlap = min(bottom, other.bottom) - max(top, other.top)
    return overlap > 0.5 * min(height, other.height)
  }
}
