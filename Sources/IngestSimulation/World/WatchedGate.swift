import IngestCore

/// A worker's access to the shared breakers, watched by the oracle.
struct WatchedGate: DependencyGate {
  unowned let host: WorkerHost
  let base: any DependencyGate

  func enter(_ call: DependencyCall) async throws -> DependencyPermit {
    try await host.enter("asking the gate of \(call.dependency)")
    let permit = try await base.enter(call)
    host.world.oracle.admitted(permit, by: host)
    return permit
  }

  func leave(_ permit: DependencyPermit, _ end: DependencyCallEnd) async {
    guard host.isOpen else { return }
    await base.leave(permit, end)
    host.world.oracle.left(permit, end, by: host)
  }
}

/// A worker's access to the paid vectors, watched by the oracle.
struct WatchedCache: EmbeddingCache {
  unowned let host: WorkerHost
  let base: any EmbeddingCache

  func vectors(embedder: String, texts: [ContentHash]) async throws -> [[Float]?] {
    try await host.enter("querying vectors")
    let found = try await base.vectors(embedder: embedder, texts: texts)
    host.world.oracle.queried(texts, embedder: embedder, by: host)
    return found
  }

  func store(embedder: String, vectors: [(text: ContentHash, vector: [Float])]) async throws {
    try await host.enter("storing vectors")
    try await base.store(embedder: embedder, vectors: vectors)
    host.world.oracle.kept(vectors.map(\.text), embedder: embedder)
    try await host.pass("after storing vectors")
  }
}
