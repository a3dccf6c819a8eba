package import IngestCore

/// The limits of one request.
package struct BatchLimits: Hashable, Sendable {
  package var texts: Int
  /// As estimated by ``tokens(of:)``.
  package var tokens: Int
  /// In UTF-8.
  package var bytes: Int

  package init(texts: Int, tokens: Int, bytes: Int) {
    self.texts = max(1, texts)
    self.tokens = max(1, tokens)
    self.bytes = max(1, bytes)
  }

  package init(_ settings: EmbedderSettings) {
    self.init(texts: settings.batchTexts, tokens: settings.requestTokens, bytes: settings.batchBytes)
  }

  /// Returns an estimate that few tokenisers exceed: one token for each three bytes.
  package static func tokens(of text: String) -> Int { text.utf8.count / 3 + 1 }

  /// Divides the positions of `texts` into batches, in order. A text that exceeds a limit gets a batch of its own.
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
