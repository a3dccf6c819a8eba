import IngestCore

/// The text of pages: unchanged in a pipe, without control characters on a terminal.
enum PageText {
  static func print(_ pages: [String], _ console: Console) throws {
    for (position, page) in pages.enumerated() {
      if position > 0 { try console.raw("\n\n") }
      try console.raw(console.terminal.outputIsTerminal ? harmless(page) : page)
    }
    try console.raw("\n")
  }

  /// Returns the text with control characters written out, except line ends and tabs.
  private static func harmless(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).visible }.joined(separator: "\t")
      }
      .joined(separator: "\n")
  }
}
