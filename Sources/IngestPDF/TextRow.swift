/// Segments side by side, which a person reads as one line.
struct TextRow {
  /// Indices of segments from left to right, or from right to left on a right-to-left page.
  var segments: [Int]
  var left: Float
  var top: Float
  var right: Float
  var bottom: Float
  var size: Float
  var bold: Bool
  var characters: Int
  var turned: Bool
  /// The region of the page. A new one begins a column or a band.
  var region: Int

  var height: Float { bottom - top }

  init(_ segment: TextSegment, index: Int, region: Int) {
    segments = [index]
    left = segment.left
    top = segment.top
    right = segment.right
    bottom = segment.bottom
    size = segment.size
    bold = segment.bold
    characters = segment.characters
    turned = segment.turned
    self.region = region
  }

  mutating func add(_ segment: TextSegment, index: Int) {
    segments.append(index)
    left = min(left, segment.left)
    right = max(right, segment.right)
    if segment.characters > characters { size = segment.size }
    bold = bold && segment.bold
    characters += segment.characters
  }

  /// Returns the rows of a page in reading order.
  static func rows(_ order: ReadingOrder, _ segments: [TextSegment], rightToLeft: Bool) -> [TextRow] {
    var rows: [TextRow] = []
    rows.reserveCapacity(segments.count)
    for (region, members) in order.regions.enumerated() {
      let first = rows.count
      for index in members {
        let segment = segments[index]
        if rows.count > first, let last = rows[rows.count - 1].segments.last,
          segments[last].sharesRow(with: segment), !segment.turned
        {
          rows[rows.count - 1].add(segment, index: index)
        } else {
          rows.append(TextRow(segment, index: index, region: region))
        }
      }
      for place in first..<rows.count where rows[place].segments.count > 1 {
        rows[place].segments.sort {
          rightToLeft ? segments[$0].left > segments[$1].left : segments[$0].left < segments[$1].left
        }
      }
    }
    return rows
  }
}
