/// A reader that finds a Markdown text's headings and leaves the text unchanged, since readers know the meaning of its
/// marks.
package enum MarkdownReader {
  package static func read(_ text: String) -> (page: ParsedPage, title: String) {
    var scan = MarkdownScan()
    var text = text
    text.makeContiguousUTF8()
    var start = text.startIndex
    while start < text.endIndex {
      let end = text.utf8[start...].firstIndex(of: 0x0A) ?? text.endIndex
      scan.take(text[start..<end])
      start = end < text.endIndex ? text.utf8.index(after: end) : end
    }
    let headings = scan.headings
    let title = scan.title ?? headings.first { $0.level == 1 }?.title ?? ""
    return (ParsedPage(number: nil, text: text, headings: headings), title)
  }
}

/// A scan line by line for fences, front matter and both kinds of headings.
private struct MarkdownScan {
  private(set) var headings: [Heading] = []
  /// The document's title from the front matter.
  private(set) var title: String?
  private var offset = 0
  private var lines = 0
  private var inFrontMatter = false
  private var fence: (mark: UInt8, length: Int)?
  /// The previous line, if it can be the text of an underlined heading.
  private var candidate: (offset: Int, title: String)?

  mutating func take(_ line: Substring) {
    defer {
      offset += line.unicodeScalars.count + 1
      lines += 1
    }
    if frontMatter(line) || code(line) {
      candidate = nil
      return
    }
    if let heading = MarkdownLine.heading(line) {
      headings.append(Heading(offset: offset, level: heading.level, title: Self.plain(heading.title)))
      candidate = nil
    } else if let candidate, let level = MarkdownLine.underline(line) {
      headings.append(Heading(offset: candidate.offset, level: level, title: Self.plain(candidate.title)))
      self.candidate = nil
    } else {
      candidate = Self.underlineable(line, at: offset, after: candidate)
    }
  }

  /// Returns whether the line is front matter, which is between `---` on the first line and the next `---`.
  private mutating func frontMatter(_ line: Substring) -> Bool {
    let mark = line.trimmed
    if lines == 0, mark == "---" {
      inFrontMatter = true
      return true
    }
    guard inFrontMatter else { return false }
    if mark == "---" || mark == "..." { inFrontMatter = false }
    if mark.utf8.starts(with: "title:".utf8) {
      let value = mark.dropFirst(6).trimmed
      let quoted = value.count >= 2 && value.first == value.last && (value.first == "\"" || value.first == "'")
      title = String(quoted ? value.dropFirst().dropLast() : value)
    }
    return true
  }

  private mutating func code(_ line: Substring) -> Bool {
    let mark = MarkdownLine.fence(line)
    guard let open = fence else {
      fence = mark
      return mark != nil
    }
    if let mark, mark.mark == open.mark, mark.length >= open.length { fence = nil }
    return true
  }

  /// Returns the line if it can be an underlined heading. Only a paragraph of one line can be one here; lists, quotes,
  /// tables and indented code cannot.
  private static func underlineable(
    _ line: Substring, at offset: Int, after previous: (offset: Int, title: String)?
  ) -> (offset: Int, title: String)? {
    guard let first = line.utf8.first, !"\t>|-*+=".utf8.contains(first), !line.utf8.starts(with: "    ".utf8) else {
      return nil
    }
    let title = line.trimmed
    guard !title.isEmpty, previous == nil, title.utf8.count <= 200 else { return nil }
    return (offset, String(title))
  }

  /// Returns the title without marks of emphasis and code, and with only the text of links.
  private static func plain(_ title: String) -> String {
    guard title.utf8.contains(where: { "`*_[".utf8.contains($0) }) else { return title }
    var text = title.filter { $0 != "`" && $0 != "*" }
    while let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") {
      let after = text.index(after: close)
      var end = after
      if after < text.endIndex, text[after] == "(" {
        guard let paren = text[after...].firstIndex(of: ")") else { break }
        end = text.index(after: paren)
      }
      text.replaceSubrange(open..<end, with: text[text.index(after: open)..<close])
    }
    return text
  }
}
