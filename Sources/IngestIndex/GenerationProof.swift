package import IngestCore

/// Compares what the catalogue says of a generation with what its back end really has, once what ended jobs had written is
/// settled and what updates left behind is swept.
package struct GenerationProof: Sendable {
  private let generations: any GenerationStore
  private let registry: BackendRegistry

  package init(generations: any GenerationStore, backends: BackendRegistry) {
    self.generations = generations
    registry = backends
  }

  /// - Throws: ``IndexError/unsupported(backend:what:)`` where the back end cannot list what it holds.
  package func run(_ name: GenerationName) async throws -> IndexVerification {
    let backend = try await GenerationBackends(registry, generations: generations).backend(of: name)
      .requireVerifiable()
    let settlement = Settlement(generations: generations, backends: registry)
    let sweep = HeldSweep(generations: generations)
    try await settlement.run(.generation(index: name.index, number: name.number))
    return try await IndexVerification.run(
      name, of: backend,
      catalogue: { [generations] after, limit in
        try await generations.holdings(name.index, name.number, after: after, limit: limit).map(ExpectedDocument.init)
      },
      entry: { [generations] document in
        // Its job may have ended since the walk began.
        try await settlement.run(.document(document, index: name.index, generation: name.number))
        try await sweep.run([document], of: name, in: backend)
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
