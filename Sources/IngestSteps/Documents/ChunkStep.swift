package import IngestCore
import IngestDigest
import IngestDocuments

/// The step `chunk`: cuts the text into chunks by the generation's settings.
package struct ChunkStep: Step {
  package static let declaration = StepKind(
    "chunk", "Cuts the text into chunks.", needs: [ParseStep.kind], subject: .document)
  let services: StepServices

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    let task = try input.documentTask()
    let spec = try await services.spec(task.index, task.generation)
    let text = try await services.text(input)
    let chunks = Chunker(settings: spec.chunker).chunks(of: text)
    try Task.checkCancellation()
    services.texts.keep(TextCache.Entry(text: text, chunks: chunks), for: input.job)
    let bytes = ChunkList(chunks).encode()
    let hash: ContentHash
    var blobs: [Blob] = []
    if bytes.count > Blob.rowLimit {
      hash = try await services.blobs.put(bytes)
    } else {
      hash = ContentHash(rawValue: SHA256.hash(bytes))
      blobs = [Blob(hash: hash, bytes: bytes)]
    }
    return StepOutput(
      result: try StepJSON.encode(ChunkResult(chunks: chunks.count, list: hash)), blobs: blobs, references: [hash])
  }
}
