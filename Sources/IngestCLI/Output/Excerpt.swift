import IngestCore

/// The first lines of a longer text.
enum Excerpt {
  /// Returns at most `most` lines, with white space folded and broken between words. If there is more text, the last line
  /// ends with `…`.
  static func lines(_ text: String, width: Int, most: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      let word = String(word).visible
      if line.isEmpty {
        line = word
      } else if line.columns + 1 + word.columns <= width {
        line += " " + word
      } else {
        lines.append(line.shortened(to: width))
        line = word
        if lines.count == most { break }
      }
    }
    if lines.count == most {
      lines[most - 1] = (lines[most - 1] + " …").shortened(to: width)
    } else if !line.isEmpty {
      lines.append(line.shortened(to: width))
    }
    return lines
  }
}
