import IngestCore

/// A chunk as `--json` prints it; one of `parse` has no id, document or generation.
struct ChunkLine: Encodable {
  var chunk: String?
  var document: String?
  var revision: Int?
  var generation: Int?
  var content: Chunk

  private enum Key: CodingKey { case chunk, document, revision, generation }

  func encode(to encoder: any Encoder) throws {
    try content.encode(to: encoder)
    var values = encoder.container(keyedBy: Key.self)
    try values.encodeIfPresent(chunk, forKey: .chunk)
    try values.encodeIfPresent(document, forKey: .document)
    try values.encodeIfPresent(revision, forKey: .revision)
    try values.encodeIfPresent(generation, forKey: .generation)
  }
}
