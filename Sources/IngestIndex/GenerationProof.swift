package import IngestCore

/// Compares what the catalogue says of a generation with what its back end really has, once what ended jobs had written is
/// settled.
package struct GenerationProof: Sendable {
  private let generations: any GenerationStore
  private let backend: any IndexBackend

  package init(generations: any GenerationStore, backend: any IndexBackend) {
    self.generations = generations
    self.backend = backend
  }

  package func run(_ name: GenerationName) async throws -> IndexVerification {
    let settlement = Settlement(generations: generations, backend: backend)
    try await settlement.run(.generation(index: name.index, number: name.number))
    return try await IndexVerification.run(
      name, of: backend,
      catalogue: { [generations] after, limit in
        try await generations.holdings(name.index, name.number, after: after, limit: limit).map(ExpectedDocument.init)
      },
      entry: { [generations] document in
        // Its job may have ended since the walk began.
        try await settlement.run(.document(document, index: name.index, generation: name.number))
        return try await generations.holdings(name.index, name.number, of: [document]).first.map(ExpectedDocument.init)
      })
  }
}

extension ExpectedDocument {
  fileprivate init(_ holding: Holding) {
    self.init(
      document: holding.document, revision: holding.revision ?? 0,
      // Only a job that is under way may write ahead of what is held.
      wanted: holding.inFlight ? holding.wanted : holding.revision ?? 0,
      deleted: holding.change != .content, chunks: holding.chunks)
  }
}
