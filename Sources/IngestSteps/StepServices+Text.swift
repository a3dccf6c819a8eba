import IngestCore
import IngestDocuments

extension StepServices {
  /// The text that the job's `parse` step left.
  func text(_ input: StepInput) async throws -> DocumentText {
    if let kept = texts[input.job] { return kept.text }
    let result = try input.result(ParseResult.self, of: "parse")
    var parts: [ParsedPart] = []
    for hash in result.parts { parts.append(try ParsedPart(decoding: try await blobs.get(hash))) }
    let text = DocumentText(parts: parts)
    texts.keep(TextCache.Entry(text: text), for: input.job)
    return text
  }

  /// The chunks that the job's `chunk` step left.
  func chunks(_ input: StepInput) async throws -> [Chunk] {
    if let kept = texts[input.job]?.chunks { return kept }
    let result = try input.result(ChunkResult.self, of: "chunk")
    let text = try await text(input)
    let chunks = try ChunkList(decoding: try await blobs.get(result.list)).chunks(with: text)
    texts.keep(TextCache.Entry(text: text, chunks: chunks), for: input.job)
    return chunks
  }
}
