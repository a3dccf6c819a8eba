import IngestCore
import IngestEmbedding
package import IngestIndex
import IngestStore

/// Resolves the name of an index to its live generation.
struct StoreResolver: GenerationResolver {
  let store: Store

  func liveGeneration(of index: String) async throws -> Generation { try await store.live(index) }
  func generation(_ number: Int, of index: String) async throws -> Generation {
    try await store.generation(index, number)
  }
}

extension Installation {
  package var searcher: Searcher {
    Searcher(resolver: StoreResolver(store: store), backends: backends, held: store, clock: clock) { [embedders] spec in
      try embedders.embedder(for: spec)
    }
  }
}
