import IngestCore

/// Rows under headings, shortened to the terminal's width, or to 80 columns in a pipe.
package struct Table: Sendable {
  package struct Column: Sendable {
    package var title: String
    /// Whether the cells are aligned to the right.
    package var isNumber: Bool
    /// The order in which columns of a too wide table shrink: the highest number first; 0 never.
    package var yields: Int
    /// The width, in terminal columns, below which it does not shrink.
    package var minimum: Int
    /// Whether a shortened text keeps its end, where paths differ, and not its start.
    package var keepsEnd: Bool

    package init(
      _ title: String, isNumber: Bool = false, yields: Int = 0, minimum: Int = 6, keepsEnd: Bool = false
    ) {
      self.title = title
      self.isNumber = isNumber
      self.yields = yields
      self.minimum = minimum
      self.keepsEnd = keepsEnd
    }
  }

  package struct Cell: Sendable, ExpressibleByStringInterpolation {
    package var text: String
    package var style: Style?

    package init(_ text: String, _ style: Style? = nil) {
      self.text = text
      self.style = style
    }

    package init(stringLiteral value: String) { self.init(value) }
  }

  package var columns: [Column]
  package private(set) var rows: [[Cell]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row. Control characters in cells are written out, so that no foreign text can control the terminal.
  package mutating func add(_ cells: [Cell]) {
    rows.append(cells.map { Cell($0.text.visible, $0.style) })
  }

  package mutating func add(_ texts: String...) { add(texts.map { Cell($0) }) }

  package func text(_ terminal: Terminal) -> String {
    let widths = fitted(terminal.outputIsTerminal ? terminal.width : HelpText.width)
    let colour = terminal.outputHasColour
    var lines = [line(columns.map { Cell($0.title, .heading) }, widths, colour, terminal.ellipsis)]
    for row in rows { lines.append(line(row, widths, colour, terminal.ellipsis)) }
    return lines.joined(separator: "\n")
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ colour: Bool, _ ellipsis: String) -> String {
    var parts: [String] = []
    for (position, column) in columns.enumerated() {
      let cell = position < cells.count ? cells[position] : ""
      let width = widths[position]
      let short =
        column.keepsEnd
        ? cell.text.shortenedAtStart(to: width, ellipsis: ellipsis)
        : cell.text.shortened(to: width, ellipsis: ellipsis)
      let isLast = position == columns.count - 1
      let padded = isLast && !column.isNumber ? short : short.padded(to: width, right: column.isNumber)
      parts.append(cell.style?.paint(padded, colour) ?? padded)
    }
    let line = parts.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// Returns the width of each column within `available` columns. Columns with the highest ``Column/yields`` shrink first.
  private func fitted(_ available: Int) -> [Int] {
    var widths = columns.enumerated().map { position, column in
      rows.reduce(column.title.columns) { max($0, position < $1.count ? $1[position].text.columns : 0) }
    }
    var excess = widths.reduce(0, +) + 2 * max(0, columns.count - 1) - available
    for position in columns.indices.sorted(by: { columns[$0].yields > columns[$1].yields }) {
      guard excess > 0, columns[position].yields > 0 else { break }
      let cut = min(excess, max(0, widths[position] - columns[position].minimum))
      widths[position] -= cut
      excess -= cut
    }
    return widths
  }
}
