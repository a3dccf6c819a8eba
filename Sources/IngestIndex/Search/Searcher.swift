package import IngestCore

/// Answers queries: resolves the generation once, embeds the query as that generation's documents were, and asks its back
/// end.
package struct Searcher: Sendable {
  private let resolver: any GenerationResolver
  private let backends: [String: any IndexBackend]
  private let embedder: @Sendable (EmbedderSpec) throws -> any Embedder
  private let clock: any TimeSource

  /// - Parameters:
  ///   - backends: by the name that a generation's spec uses.
  ///   - embedder: the embedder for a generation's spec.
  package init(
    resolver: any GenerationResolver, backends: [any IndexBackend], clock: any TimeSource,
    embedder: @escaping @Sendable (EmbedderSpec) throws -> any Embedder
  ) {
    self.resolver = resolver
    self.backends = Dictionary(backends.map { ($0.name, $0) }) { first, _ in first }
    self.embedder = embedder
    self.clock = clock
  }

  /// The best chunks of one generation: the live one unless a number is given.
  ///
  /// Between resolving and opening a generation it may be retired and deleted. Then the alias is resolved again, and no
  /// query fails because of it; a generation that was asked for by number is simply not there.
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
        // The catalogue still says that this one is live, so it is lost and was not swapped away.
        guard next.number != generation.number else { throw IndexError.generationMissing(GenerationName(generation)) }
        generation = next
      }
    }
  }

  private func answer(
    _ request: SearchRequest, from generation: Generation, since start: Int64
  ) async throws -> SearchAnswer {
    guard let backend = backends[generation.spec.backend] else {
      throw IndexError.unknownBackend(generation.spec.backend)
    }
    var request = request
    if request.mode != .keyword, request.vector == nil {
      request.vector = try await embed(request.text, spec: generation.spec.embedder)
    }
    try request.validate()
    let hits = try await backend.search(request, in: GenerationName(generation))
    return SearchAnswer(
      index: generation.index, generation: generation.number,
      tookMilliseconds: Double(clock.uptime - start) / 1000, hits: hits)
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
