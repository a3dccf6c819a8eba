/// A change of the catalogue that takes effect in the transaction of the checkpoint that carries it.
package enum CatalogueEffect: StepEffect {
  /// The generation now holds this revision of the document in `chunks` chunks (0 for a delete). `lost` of them have no
  /// vector; if any were lost, the same content is accepted again.
  case hold(
    index: String, generation: Int, document: DocumentID, revision: Int, change: DocumentTask.Change, chunks: Int,
    lost: Int = 0)
  /// Stores the parse of these bytes by this parser: `result` is the parse step's own JSON and relies on `references`.
  case parsed(content: ContentHash, parser: String, result: String, references: [ContentHash])
  /// These chunks became dead letters of their own; the job is degraded.
  case lost([LostChunk])
  /// A building generation was filled and verified.
  case ready(index: String, generation: Int)
  /// Makes this generation live. Refused while it lacks more than `acceptMissing` of the documents that the other one
  /// holds.
  case swap(index: String, to: Int, from: Int, acceptMissing: Int)
}
