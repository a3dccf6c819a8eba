import IngestCore

/// Text as it is printed: as it is into a pipe, made harmless on a terminal.
enum PageText {
  static func print(_ pages: [String], _ console: Console) throws {
    for (position, page) in pages.enumerated() {
      if position > 0 { try console.raw("\n\n") }
      try console.raw(console.terminal.outputIsTerminal ? harmless(page) : page)
    }
    try console.raw("\n")
  }

  /// Control characters written out, line ends and tabs kept.
  private static func harmless(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).visible }.joined(separator: "\t")
      }
      .joined(separator: "\n")
  }
}
