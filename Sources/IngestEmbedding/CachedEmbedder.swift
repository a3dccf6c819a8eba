package import IngestCore
private import IngestDigest
private import Synchronization

/// An embedder with a cache, so that no text is paid for twice. The cache serves crashes, jobs and generations; within
/// the process, tasks share the requests in progress.
///
/// A text is identified by the hash of exactly the bytes that are sent, prefix included. Each response is durable
/// before its texts count as done. A free embedder is called directly.
package final class CachedEmbedder: Embedder {
  package let embedder: any Embedder
  private let cache: any EmbeddingCache
  private let flights = EmbeddingFlights()

  package var spec: EmbedderSpec { embedder.spec }
  package var isFree: Bool { embedder.isFree }

  package init(_ embedder: any Embedder, cache: any EmbeddingCache) {
    self.embedder = embedder
    self.cache = cache
  }

  package func embed(_ texts: [String]) async throws -> [[Float]] { try await vectors(for: texts) }

  /// Returns one vector for each text, in order. The texts already have their prefix.
  /// - Parameter progress: called after each response with the number of texts whose vector is durable, and their
  ///   total.
  /// - Throws: one ``Failure`` or ``FailureConvertible`` for the call, or ``EmbeddingPartialFailure`` by position if
  ///   single texts were refused. Vectors received by then are in the cache, so the next call requests only the others.
  package func vectors(
    for texts: [String], progress: @escaping @Sendable (_ done: Int, _ total: Int) async throws -> Void = { _, _ in }
  ) async throws -> [[Float]] {
    if isFree {
      let vectors = try await embedder.embed(texts)
      try await progress(texts.count, texts.count)
      return vectors
    }
    let hashes = texts.map { ContentHash(rawValue: SHA256.hash($0)) }
    let work = Work(texts: texts, hashes: hashes, progress: progress)
    while true {
      let missing = work.missing
      if missing.isEmpty { break }
      // Claims the texts before it queries the cache. So a vector that another task stores meanwhile is found there or
      // waited for, and never paid for again. Requests its own texts before it waits for others, so that no two calls
      // wait for each other.
      let claimed = flights.claim(missing)
      do {
        try await pay(for: claimed.mine, work)
      } catch {
        flights.land(claimed.mine, failing: error)
        throw error
      }
      flights.land(claimed.mine, failing: nil)
      guard work.has(claimed.mine) else {
        throw EmbeddingError.badAnswer(embedder: spec.name, detail: "texts without a vector")
      }
      for flight in claimed.others {
        try Task.checkCancellation()
        switch await flight.outcome() {
        case .vector(let vector): try await work.settle([(flight.hash, .success(vector))])
        case .refused(let failure): try await work.settle([(flight.hash, .failure(failure))])
        case .failed(let error): throw error
        // The task that requested the text gave up. The text is requested again, perhaps by this call.
        case .abandoned: try Task.checkCancellation()
        }
      }
    }
    return try work.result()
  }

  private func pay(for claimed: [ContentHash], _ work: Work) async throws {
    if claimed.isEmpty { return }
    let fingerprint = spec.fingerprint
    let kept = try await cache.vectors(embedder: fingerprint, texts: claimed)
    var found: [(ContentHash, Result<[Float], Failure>)] = []
    var missing: [ContentHash] = []
    for (hash, vector) in zip(claimed, kept) {
      if let vector {
        flights.settle(hash, .vector(vector))
        found.append((hash, .success(vector)))
      } else {
        missing.append(hash)
      }
    }
    if !found.isEmpty { try await work.settle(found) }
    if missing.isEmpty { return }
    let asked = missing
    let refused = try await ask(asked.map { work.text(of: $0) }) { [cache, flights] answers in
      try await cache.store(
        embedder: fingerprint, vectors: answers.map { (text: asked[$0.position], vector: $0.vector) })
      for answer in answers { flights.settle(asked[answer.position], .vector(answer.vector)) }
      try await work.settle(answers.map { (asked[$0.position], .success($0.vector)) })
    }
    let inOrder = refused.sorted { $0.key < $1.key }
    for (position, failure) in inOrder { flights.settle(asked[position], .refused(failure)) }
    if !refused.isEmpty { try await work.settle(inOrder.map { (asked[$0.key], .failure($0.value)) }) }
  }

  /// Calls the embedder, in parts if it supports them.
  private func ask(
    _ texts: [String], answered: @escaping @Sendable ([EmbeddedText]) async throws -> Void
  ) async throws -> [Int: Failure] {
    if let partwise = embedder as? any PartwiseEmbedder { return try await partwise.embed(texts, answered: answered) }
    do {
      try await answered(try await embedder.embed(texts).enumerated().map { .init(position: $0, vector: $1) })
      return [:]
    } catch let partial as EmbeddingPartialFailure {
      try await answered(
        partial.vectors.enumerated().compactMap { position, vector in
          vector.map { EmbeddedText(position: position, vector: $0) }
        })
      return partial.refused
    }
  }
}

/// The texts of one call and their results so far.
private final class Work: Sendable {
  private struct State {
    var settled: [ContentHash: Result<[Float], Failure>] = [:]
    var done = 0
  }

  private let texts: [String]
  private let hashes: [ContentHash]
  /// The first position of each text and the number of its occurrences.
  private let places: [ContentHash: (first: Int, count: Int)]
  private let progress: @Sendable (Int, Int) async throws -> Void
  private let state = Mutex(State())

  init(texts: [String], hashes: [ContentHash], progress: @escaping @Sendable (Int, Int) async throws -> Void) {
    self.texts = texts
    self.hashes = hashes
    self.progress = progress
    var places: [ContentHash: (first: Int, count: Int)] = [:]
    for (position, hash) in hashes.enumerated() { places[hash, default: (position, 0)].count += 1 }
    self.places = places
  }

  /// The texts without a result, each once, in the order of their first occurrence.
  var missing: [ContentHash] {
    let settled = state.withLock { $0.settled }
    return hashes.indices.compactMap { position in
      let hash = hashes[position]
      return settled[hash] == nil && places[hash]?.first == position ? hash : nil
    }
  }

  func has(_ hashes: [ContentHash]) -> Bool {
    state.withLock { state in hashes.allSatisfy { state.settled[$0] != nil } }
  }

  func text(of hash: ContentHash) -> String { places[hash].map { texts[$0.first] } ?? "" }

  func settle(_ found: [(ContentHash, Result<[Float], Failure>)]) async throws {
    let done = state.withLock { state in
      for (hash, result) in found where state.settled.updateValue(result, forKey: hash) == nil {
        if case .success = result { state.done += places[hash]?.count ?? 0 }
      }
      return state.done
    }
    try await progress(done, texts.count)
  }

  func result() throws -> [[Float]] {
    let settled = state.withLock { $0.settled }
    var vectors: [[Float]?] = []
    var refused: [Int: Failure] = [:]
    for (position, hash) in hashes.enumerated() {
      switch settled[hash] {
      case .success(let vector)?: vectors.append(vector)
      case .failure(let failure)?:
        vectors.append(nil)
        refused[position] = failure
      case nil: vectors.append(nil)
      }
    }
    guard refused.isEmpty else { throw EmbeddingPartialFailure(vectors: vectors, refused: refused) }
    return vectors.compactMap { $0 }
  }
}
