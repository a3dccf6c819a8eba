import IngestCore
import IngestDocuments

extension StepServices {
  /// Returns the text from the job's `parse` step.
  func text(_ input: StepInput) async throws -> DocumentText {
    if let kept = texts[input.job] { return kept.text }
    let text = try await text(input.result(ParseResult.self, of: "parse").parts)
    texts.keep(TextCache.Entry(text: text), for: input.job)
    return text
  }

  /// Returns the text in these blobs.
  func text(_ hashes: [ContentHash]) async throws -> DocumentText {
    var parts: [ParsedPart] = []
    for hash in hashes { parts.append(try ParsedPart(decoding: try await blobs.get(hash))) }
    return DocumentText(parts: parts)
  }

  /// Returns the chunks from the job's `chunk` step.
  func chunks(_ input: StepInput) async throws -> [Chunk] {
    if let kept = texts[input.job]?.chunks { return kept }
    let result = try input.result(ChunkResult.self, of: "chunk")
    let text = try await text(input)
    let chunks = try ChunkList(decoding: try await blobs.get(result.list)).chunks(with: text)
    texts.keep(TextCache.Entry(text: text, chunks: chunks), for: input.job)
    return chunks
  }
}
