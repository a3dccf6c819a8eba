import IngestCore

/// The text of a chunk, with its place in the document.
enum ChunkText {
  static func print(_ chunk: Chunk, _ console: Console) throws {
    let page = chunk.page.map { ", page \($0)" } ?? ""
    try console.line("chunk \(chunk.ordinal)\(page), \(chunk.start)–\(chunk.end), \(chunk.tokens) tokens", .heading)
    let width = JobSheet.width(console)
    if !chunk.heading.isEmpty {
      try console.line("  " + chunk.heading.joined(separator: " › ").visible.shortened(to: width - 3), .dim)
    }
    for line in Excerpt.lines(chunk.text, width: width - 3, most: .max) { try console.line("  " + line) }
    try console.line()
  }
}
