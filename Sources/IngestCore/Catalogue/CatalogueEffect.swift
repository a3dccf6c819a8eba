/// A change of the catalogue that becomes true in the transaction of the checkpoint that carries it.
package enum CatalogueEffect: StepEffect {
  /// The generation now holds this revision of the document, in so many chunks (0 for a delete), of which so many were lost:
  /// they have no vector, and the same content is accepted again.
  case hold(
    index: String, generation: Int, document: DocumentID, revision: Int, change: DocumentTask.Change, chunks: Int,
    lost: Int = 0)
  /// The parse of these bytes by this parser is kept: `result` is the parse step's own JSON and relies on `references`.
  case parsed(content: ContentHash, parser: String, result: String, references: [ContentHash])
  /// Chunks became dead letters of their own; the job is degraded.
  case lost([LostChunk])
  /// A building generation was filled and proved.
  case ready(index: String, generation: Int)
  /// Readers move to this generation; refused while it lacks more of what the other holds.
  case swap(index: String, to: Int, from: Int, acceptMissing: Int)
}
