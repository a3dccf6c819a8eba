package import IngestCore

/// How much goes into one request.
package struct BatchLimits: Hashable, Sendable {
  package var texts: Int
  /// By ``tokens(of:)``.
  package var tokens: Int
  /// Of UTF-8.
  package var bytes: Int

  package init(texts: Int, tokens: Int, bytes: Int) {
    self.texts = max(1, texts)
    self.tokens = max(1, tokens)
    self.bytes = max(1, bytes)
  }

  package init(_ settings: EmbedderSettings) {
    self.init(texts: settings.batchTexts, tokens: settings.requestTokens, bytes: settings.batchBytes)
  }

  /// More tokens than nearly any tokeniser makes of a text: one for each three bytes.
  package static func tokens(of text: String) -> Int { text.utf8.count / 3 + 1 }

  /// Cuts positions of `texts` into batches, in order; a text over a limit goes alone.
  package func batches(_ positions: [Int], of texts: [String]) -> [[Int]] {
    var batches: [[Int]] = []
    var batch: [Int] = []
    var room = self
    for position in positions {
      let bytes = texts[position].utf8.count
      let tokens = Self.tokens(of: texts[position])
      if !batch.isEmpty, room.texts < 1 || room.tokens < tokens || room.bytes < bytes {
        batches.append(batch)
        batch = []
        room = self
      }
      batch.append(position)
      room.texts -= 1
      room.tokens -= tokens
      room.bytes -= bytes
    }
    if !batch.isEmpty { batches.append(batch) }
    return batches
  }
}
