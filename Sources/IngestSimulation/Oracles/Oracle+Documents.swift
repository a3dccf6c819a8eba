import IngestCore
import IngestIndex

/// Acknowledgements about documents, and what readers may see of them.
extension Oracle {
  func holds(_ document: DocumentID, revision: Int, isContent: Bool, in generation: Int) {
    let before = held[generation]?[document]
    if let before, before.revision > revision { return }
    held[generation, default: [:]][document] = (revision, isContent)
  }

  /// Returns the lowest revision that a search starting now may show; nil if it need not find the document.
  func mustFind(_ document: DocumentID, in generation: Int) -> Int? {
    guard let facts = documents[document], facts.deletesPending == 0,
      let held = held[generation]?[document], held.isContent, held.revision > facts.deletedAt
    else { return nil }
    return held.revision
  }

  /// Checks the hits that a reader got for one document that it searched for.
  func shown(
    _ answer: SearchAnswer, for document: DocumentID, atLeast lowest: Int?, to reader: String
  ) {
    guard let facts = documents[document] else { return }
    let hits = answer.hits.filter { $0.chunk.document == document }
    let revisions = Set(hits.map(\.chunk.revision))
    guard let shown = revisions.first else {
      if let lowest {
        broken(
          .nothingVanishes,
          "\(reader) did not find \(facts.uri) in generation \(answer.generation), although "
            + "revision \(lowest) was held when its search began.", about: [facts.uri])
      }
      return
    }
    if revisions.count > 1 {
      broken(
        .readersNeverNotice,
        "\(reader) saw revisions \(revisions.sorted()) of \(facts.uri) in one answer.",
        about: [facts.uri])
    }
    if let lowest, shown < lowest {
      broken(
        .nothingVanishes,
        "\(reader) saw revision \(shown) of \(facts.uri) in generation \(answer.generation), although "
          + "revision \(lowest) was held when its search began.", about: [facts.uri])
    }
    guard case .some(.some(let text)) = facts.revisions[shown] else { return }
    if let hit = hits.first(where: { !text.contains($0.content.text) }) {
      broken(
        .readersNeverNotice,
        "\(reader) saw a text for \(hit.chunk) of \(facts.uri) that this revision does not contain.",
        about: [facts.uri])
    }
  }

  /// Checks that a worker's write carries vectors of the generation's own embedder.
  func indexes(_ write: DocumentWrite, into generation: GenerationName, by host: WorkerHost) {
    guard let spec = specs[generation.number]?.embedder, spec.provider == "openai" else { return }
    for chunk in write.chunks {
      guard let vector = chunk.vector else { continue }
      let expected = SimulatedProvider.vector(spec.model, spec.documentPrefix + chunk.chunk.text)
      guard vector.count == expected.count,
        zip(vector, expected).allSatisfy({ abs($0 - $1) < 0.001 })
      else {
        return broken(
          .indexIsCatalogue,
          "\(host.name) writes chunk \(chunk.chunk.ordinal) of \(write.header.uri) into \(generation) with a vector that is "
            + "not the one of \(spec.model) for its text.", about: [write.header.uri])
      }
    }
  }
}
