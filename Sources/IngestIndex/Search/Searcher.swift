package import IngestCore

/// A search through a back end. It resolves the generation once, embeds the query in the same way as that generation's
/// documents, requests candidates in one read, and fuses them.
///
/// If the back end shows more than the catalogue holds, hits of other revisions are dropped. If it has no keyword
/// search, a keyword search is refused, and a hybrid one returns the nearest vectors with a note that says so.
package struct Searcher: Sendable {
  private let resolver: any GenerationResolver
  private let backends: BackendRegistry
  private let held: any HeldRevisions
  private let embedder: @Sendable (EmbedderSpec) throws -> any Embedder
  private let clock: any TimeSource

  /// - Parameters:
  ///   - held: the catalogue, for back ends that show more than it holds.
  ///   - embedder: returns the embedder for a generation's spec.
  package init(
    resolver: any GenerationResolver, backends: BackendRegistry, held: any HeldRevisions, clock: any TimeSource,
    embedder: @escaping @Sendable (EmbedderSpec) throws -> any Embedder
  ) {
    self.resolver = resolver
    self.backends = backends
    self.held = held
    self.embedder = embedder
    self.clock = clock
  }

  /// Returns the best chunks of one generation: the live one unless a number is given.
  ///
  /// A generation may be retired and deleted after its name was resolved and before it is opened. Then the alias is
  /// resolved again, so no query fails because of it. A generation that was requested by number is reported as missing.
  package func search(
    _ request: SearchRequest, index: String, generation number: Int? = nil
  ) async throws -> SearchAnswer {
    let start = clock.uptime
    if let number {
      let generation = try await resolver.generation(number, of: index)
      return try await answer(request, from: generation, since: start)
    }
    var generation = try await resolver.liveGeneration(of: index)
    while true {
      do {
        return try await answer(request, from: generation, since: start)
      } catch IndexError.generationMissing {
        let next = try await resolver.liveGeneration(of: index)
        // The catalogue still names this generation as live, so it is lost and was not swapped away.
        guard next.number != generation.number else { throw IndexError.generationMissing(GenerationName(generation)) }
        generation = next
      }
    }
  }

  private func answer(
    _ request: SearchRequest, from generation: Generation, since start: Int64
  ) async throws -> SearchAnswer {
    let backend = try backends.backend(for: generation.spec)
    let hasKeywords = backend.capabilities.contains(.keywordSearch)
    guard hasKeywords || request.mode != .keyword else { throw IndexError.noKeywordSearch(backend: backend.name) }
    var request = request
    if request.mode != .keyword, request.vector == nil {
      request.vector = try await embed(request.text, spec: generation.spec.embedder)
    }
    try request.validate()
    let name = GenerationName(generation)
    let candidates =
      if backend.capabilities.showOnlyHeld {
        try await backend.candidates(request.candidates(in: backend.capabilities), in: name)
      } else {
        try await HeldSearch(backend: backend, held: held, name: name).candidates(request)
      }
    return SearchAnswer(
      index: generation.index, generation: generation.number,
      tookMilliseconds: Double(clock.uptime - start) / 1000, hits: request.hits(candidates),
      note: hasKeywords || request.mode != .hybrid
        ? nil : "The index back end \(backend.name) cannot search by keyword, so the hits are the nearest vectors.")
  }

  private func embed(_ text: String, spec: EmbedderSpec) async throws -> [Float]? {
    do {
      return try await embedder(spec).embed([spec.queryPrefix + text]).first
    } catch let partial as EmbeddingPartialFailure {
      if let refusal = partial.refused[0] { throw refusal }
      return partial.vectors.first ?? nil
    }
  }
}
