/// Evidence that a text is Markdown.
struct MarkdownEvidence {
  /// Number of kinds of marks found: headings, fences, links, underlined headings, tables, emphasis.
  private var kinds = 0

  init(_ prefix: [UInt8]) {
    var headings = false
    var fences = false
    var links = false
    var underlines = false
    var tables = false
    var emphasis = false
    var previousIsText = false
    // This works on bytes for speed: every file of a submitted folder is checked here.
    prefix.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let line = bytes[start..<end]
        start = end + 1
        switch line.first(where: { $0 != UInt8(ascii: " ") }) {
        case UInt8(ascii: "#")?:
          if MarkdownLine.heading(Substring(decoding: line, as: UTF8.self)) != nil { headings = true }
        case UInt8(ascii: "=")?, UInt8(ascii: "-")?:
          let mark = Substring(decoding: line, as: UTF8.self)
          if previousIsText, MarkdownLine.underline(mark) != nil { underlines = true }
        default: break
        }
        if line.starts(with: "```".utf8) || line.starts(with: "~~~".utf8) { fences = true }
        if line.starts(with: "|-".utf8) || line.starts(with: "| -".utf8) || line.starts(with: "|:".utf8) {
          tables = true
        }
        var before: UInt8 = 0
        var isText = false
        for byte in line {
          if byte == UInt8(ascii: "("), before == UInt8(ascii: "]") { links = true }
          if byte == UInt8(ascii: "`") || (byte == UInt8(ascii: "*") && before == byte) { emphasis = true }
          if byte > UInt8(ascii: " ") { isText = true }
          before = byte
        }
        previousIsText = isText
      }
    }
    kinds = [headings, fences, links, underlines, tables, emphasis].count { $0 }
  }

  /// Returns whether the text counts as Markdown. Two kinds of marks are enough. With one kind the name decides,
  /// because `# ` also begins comments.
  func decides(name: String) -> Bool {
    guard kinds == 1 else { return kinds > 1 }
    let name = name.lowercased()
    return [".md", ".markdown", ".mdown", ".mkd"].contains { name.hasSuffix($0) }
  }
}

/// The kinds of lines in Markdown.
enum MarkdownLine {
  /// Returns level and title of `## Title ##`. An empty heading does not count.
  static func heading(_ line: Substring) -> (level: Int, title: String)? {
    var rest = line.utf8[...]
    var indent = 0
    while rest.first == UInt8(ascii: " "), indent < 4 {
      rest.removeFirst()
      indent += 1
    }
    guard indent < 4 else { return nil }
    let level = rest.prefix(while: { $0 == UInt8(ascii: "#") }).count
    guard (1...6).contains(level) else { return nil }
    rest = rest.dropFirst(level)
    guard let space = rest.first, space == UInt8(ascii: " ") || space == UInt8(ascii: "\t") else { return nil }
    var title = Substring(rest).trimmed
    let body = title.utf8.reversed().drop { $0 == UInt8(ascii: "#") }
    if body.count < title.utf8.count, body.first == UInt8(ascii: " ") || body.isEmpty {
      title = Substring(String(decoding: body.reversed(), as: UTF8.self)).trimmed
    }
    return title.isEmpty ? nil : (level, String(title))
  }

  /// Returns the level of a heading that is underlined with `====` or `----`.
  static func underline(_ line: Substring) -> Int? {
    let mark = line.trimmed
    guard mark.utf8.count >= 2 else { return nil }
    if mark.utf8.allSatisfy({ $0 == UInt8(ascii: "=") }) { return 1 }
    return mark.utf8.allSatisfy({ $0 == UInt8(ascii: "-") }) ? 2 : nil
  }

  /// Returns character and length of the opening or closing mark of a code block.
  static func fence(_ line: Substring) -> (mark: UInt8, length: Int)? {
    let text = line.utf8.drop { $0 == UInt8(ascii: " ") }
    guard line.utf8.count - text.count < 4, let mark = text.first else { return nil }
    guard mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
    let length = text.prefix { $0 == mark }.count
    return length >= 3 ? (mark, length) : nil
  }
}

extension Substring {
  /// The text without white space at both ends.
  var trimmed: Substring {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return rest
  }
}
