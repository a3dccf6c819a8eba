/// The division of rows into paragraphs, from the space between rows and where they begin.
struct LineSpacing {
  /// The separation between a row and the previous one.
  enum Gap {
    /// The row is the first of the page.
    case page
    /// The row continues the paragraph.
    case line
    /// The row is in another column or band, where a sentence may continue.
    case column
    case paragraph
  }

  /// The left margin of each region.
  let margins: [Float]
  /// The usual space between lines of a paragraph, in line heights.
  private let usual: Float

  init(_ rows: [TextRow]) {
    var margins: [Float] = Array(repeating: .greatestFiniteMagnitude, count: (rows.last?.region ?? -1) + 1)
    var gaps: [Float] = []
    for (place, row) in rows.enumerated() {
      margins[row.region] = min(margins[row.region], row.left)
      guard place > 0, row.height > 0 else { continue }
      let gap = (row.top - rows[place - 1].bottom) / row.height
      if gap > -0.5, gap < 3 { gaps.append(gap) }
    }
    gaps.sort()
    self.margins = margins
    usual = gaps.isEmpty ? 0.3 : min(gaps[gaps.count / 2], 1.6)
  }

  func between(_ rows: [TextRow], _ place: Int) -> Gap {
    let row = rows[place]
    let before = rows[place - 1]
    if row.turned || before.turned { return .paragraph }
    let height = max(min(row.height, before.height), 1)
    let gap = (row.top - before.bottom) / height
    // The row is higher up or far below: it starts a new column, or the text continues under a picture.
    if row.region != before.region, gap < -0.5 || row.left > before.right || row.right < before.left { return .column }
    if gap > max(0.55, usual * 1.3 + 0.1) { return .paragraph }
    if abs(row.size - before.size) > 0.08 * max(row.size, before.size) { return .paragraph }
    return isIndented(rows, place) ? .paragraph : .line
  }

  /// Returns whether the row is the first line of a paragraph: it is indented a little, and the next row returns to the
  /// margin.
  private func isIndented(_ rows: [TextRow], _ place: Int) -> Bool {
    let row = rows[place]
    let indent = row.left - margins[row.region]
    guard indent > 0.7 * row.height, indent < 4 * row.height else { return false }
    guard abs(rows[place - 1].left - margins[row.region]) < 0.5 * row.height else { return false }
    guard place + 1 < rows.count, rows[place + 1].region == row.region else { return false }
    return abs(rows[place + 1].left - margins[row.region]) < 0.5 * row.height
  }
}
