/// The order in which a person reads a page's segments, found by an XY cut. A region with text columns side by side is
/// read column by column. Other regions are cut at their widest horizontal gaps, and each part is checked again.
struct ReadingOrder {
  /// Minimum values for text columns, as opposed to table cells: lines, characters per line, and the share of the width
  /// that lines fill.
  private static let columnLines = 3
  private static let columnCharacters = 14
  private static let columnFill: Float = 0.4
  /// Minimum width of a gutter, in line heights.
  private static let gutter: Float = 0.6
  private static let depth = 24

  private let segments: [TextSegment]
  private let rightToLeft: Bool
  /// Regions without columns, in reading order. Each holds indices of segments, from top to bottom.
  private(set) var regions: [[Int]] = []

  init(_ segments: [TextSegment], rightToLeft: Bool) {
    self.segments = segments
    self.rightToLeft = rightToLeft
    var upright: [Int] = []
    var turned: [Int] = []
    for index in segments.indices {
      if segments[index].turned { turned.append(index) } else { upright.append(index) }
    }
    upright.sort { self.isAbove($0, $1) }
    order(upright, depth: 0)
    // Text along the margin has little value, and must not interrupt a sentence.
    for index in turned { regions.append([index]) }
  }

  private func isAbove(_ left: Int, _ right: Int) -> Bool {
    let a = segments[left]
    let b = segments[right]
    return a.top != b.top ? a.top < b.top : a.left < b.left
  }

  /// Orders a region.
  /// - Parameter region: indices from top to bottom.
  private mutating func order(_ region: [Int], depth: Int) {
    guard !region.isEmpty else { return }
    guard depth < Self.depth, region.count >= 2 * Self.columnLines, hasNeighbours(region) else {
      regions.append(region)
      return
    }
    if let (left, right) = columns(region) {
      order(rightToLeft ? right : left, depth: depth + 1)
      order(rightToLeft ? left : right, depth: depth + 1)
      return
    }
    let bands = self.bands(region)
    guard bands.count > 1 else {
      regions.append(region)
      return
    }
    // Consecutive bands without columns stay one region, so that a table or a paragraph is not split.
    var plain: [Int] = []
    for band in bands {
      if band.count >= 2 * Self.columnLines, hasNeighbours(band) {
        if !plain.isEmpty { regions.append(plain) }
        plain = []
        order(band, depth: depth + 1)
      } else {
        plain += band
      }
    }
    if !plain.isEmpty { regions.append(plain) }
  }

  /// Returns whether any two segments are side by side. In the order from top to bottom, only neighbours need to be
  /// compared.
  private func hasNeighbours(_ region: [Int]) -> Bool {
    for place in region.indices.dropFirst() {
      let a = segments[region[place - 1]]
      let b = segments[region[place]]
      if a.sharesRow(with: b), a.right <= b.left || b.right <= a.left { return true }
    }
    return false
  }

  /// Returns the two sides of the widest gutter between apparent text columns.
  private func columns(_ region: [Int]) -> (left: [Int], right: [Int])? {
    let byLeft = region.sorted { segments[$0].left < segments[$1].left }
    let height = median(region.map { segments[$0].height })
    var reach = segments[byLeft[0]].right
    var gaps: [(width: Float, at: Float)] = []
    for index in byLeft.dropFirst() {
      let segment = segments[index]
      if segment.left - reach >= Self.gutter * height { gaps.append((segment.left - reach, segment.left)) }
      reach = max(reach, segment.right)
    }
    for gap in gaps.sorted(by: { $0.width > $1.width }).prefix(8) {
      let left = region.filter { segments[$0].left < gap.at }
      let right = region.filter { segments[$0].left >= gap.at }
      if isColumn(left), isColumn(right) { return (left, right) }
    }
    return nil
  }

  private func isColumn(_ side: [Int]) -> Bool {
    guard side.count >= Self.columnLines, let first = side.first else { return false }
    var left = segments[first].left
    var right = segments[first].right
    var width: Float = 0
    var characters = 0
    var lines = 1
    var last = segments[first]
    for index in side {
      let segment = segments[index]
      left = min(left, segment.left)
      right = max(right, segment.right)
      width += segment.width
      characters += segment.characters
      if !segment.sharesRow(with: last) {
        lines += 1
        last = segment
      }
    }
    return lines >= Self.columnLines && characters >= lines * Self.columnCharacters
      && width >= Float(lines) * (right - left) * Self.columnFill
  }

  /// Cuts a region at its widest gaps, from top to bottom.
  private func bands(_ region: [Int]) -> [[Int]] {
    var reach = segments[region[0]].bottom
    var gaps: [(place: Int, width: Float)] = []
    var widest: Float = 0
    for place in region.indices.dropFirst() {
      let segment = segments[region[place]]
      let width = segment.top - reach
      if width > 0 {
        gaps.append((place, width))
        widest = max(widest, width)
      }
      reach = max(reach, segment.bottom)
    }
    var bands: [[Int]] = []
    var start = 0
    for gap in gaps where gap.width >= 0.7 * widest {
      bands.append(Array(region[start..<gap.place]))
      start = gap.place
    }
    bands.append(Array(region[start...]))
    return bands
  }

  private func median(_ values: [Float]) -> Float { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
}
