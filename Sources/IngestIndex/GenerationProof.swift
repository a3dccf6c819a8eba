package import IngestCore

/// A comparison of the catalogue with the real contents of a generation's back end. It first settles the writes of
/// ended jobs and sweeps the chunks that updates left behind.
package struct GenerationProof: Sendable {
  private let generations: any GenerationStore
  private let registry: BackendRegistry

  package init(generations: any GenerationStore, backends: BackendRegistry) {
    self.generations = generations
    registry = backends
  }

  /// Compares the generation.
  /// - Throws: ``IndexError/unsupported(backend:what:)`` if the back end cannot list what it holds.
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
        // The document's job may have ended since the walk began.
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
      // Only a running job may have written a later revision than the held one.
      wanted: holding.inFlight ? holding.wanted : holding.revision ?? 0,
      deleted: holding.change != .content, chunks: holding.chunks)
  }
}
