package import IngestCore
package import IngestIndex
private import Synchronization

/// An index in memory without any optional guarantee. New chunks appear one by one beside the old ones. A lower
/// revision is stored like any other. A search reads in two parts. There are no keywords. Counts are rounded.
///
/// It can be unreachable, and it calls a hook where a real one would let other work run in between.
package final class WeakIndex: VerifiableBackend {
  /// Points at which other work may run in between.
  package enum Moment: Sendable, Hashable {
    /// A chunk of a write was stored, and others may follow.
    case wrote
    /// A search has read the later half of the chunks and is about to read the earlier half.
    case reading
  }

  private struct Entry {
    var header: DocumentHeader
    var chunk: EmbeddedChunk
  }

  private struct Stored {
    var dimensions: Int
    var entries: [ChunkID: Entry] = [:]
  }

  private struct State {
    var generations: [GenerationName: Stored] = [:]
    var failure: Failure?
    var calls = 0
    var hook: (@Sendable (Moment) async throws -> Void)?
  }

  private let state = Mutex(State())
  package let name: String
  package let endpoint: String?
  package let capabilities: BackendCapabilities
  private let isVerifiable: Bool

  /// - Parameters:
  ///   - readsSnapshots: whether a search reads everything together, after the hook.
  ///   - isVerifiable: whether the index can list what it holds.
  package init(
    name: String = "weak", endpoint: String? = nil, readsSnapshots: Bool = false, isVerifiable: Bool = false
  ) {
    self.name = name
    self.endpoint = endpoint
    capabilities = readsSnapshots ? .snapshotReads : []
    self.isVerifiable = isVerifiable
  }

  package var verifiable: (any VerifiableBackend)? { isVerifiable ? self : nil }

  /// While set, every call fails with this failure.
  package var failure: Failure? {
    get { state.withLock(\.failure) }
    set { state.withLock { $0.failure = newValue } }
  }

  /// While true, every call fails as a call to a server that does not answer.
  package var isAway: Bool {
    get { failure == Self.away }
    set { failure = newValue ? Self.away : nil }
  }

  private static let away = Failure(
    .transient, code: "INDEX_UNREACHABLE", "The server does not answer.", category: .later)

  /// Number of calls so far, including failed ones.
  package var calls: Int { state.withLock(\.calls) }

  package func onMoment(_ hook: (@Sendable (Moment) async throws -> Void)?) {
    state.withLock { $0.hook = hook }
  }

  /// Returns every stored chunk, in order.
  package func stored(in name: GenerationName) -> [ChunkID] {
    state.withLock { ($0.generations[name]?.entries.keys).map { $0.sorted() } ?? [] }
  }

  private func pass(_ moment: Moment) async throws {
    if let hook = state.withLock(\.hook) { try await hook(moment) }
  }

  private func call(_ name: GenerationName) throws {
    try state.withLock { state in
      state.calls += 1
      if let failure = state.failure { throw IndexError.storage(name, failure) }
    }
  }

  private func with<T: Sendable>(_ name: GenerationName, _ body: (inout Stored) throws -> T) throws -> T {
    try state.withLock { state in
      guard var stored = state.generations[name] else { throw IndexError.generationMissing(name) }
      defer { state.generations[name] = stored }
      return try body(&stored)
    }
  }
}

// MARK: - IndexBackend

extension WeakIndex {
  package func create(_ generation: GenerationName, dimensions: Int) async throws {
    try call(generation)
    try state.withLock { state in
      if let held = state.generations[generation]?.dimensions, held != dimensions {
        throw IndexError.dimensionsDiffer(generation, held: held, wanted: dimensions)
      }
      if state.generations[generation] == nil { state.generations[generation] = Stored(dimensions: dimensions) }
    }
  }

  package func delete(_ generation: GenerationName) async throws {
    try call(generation)
    state.withLock { $0.generations[generation] = nil }
  }

  package func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    try call(generation)
    let header = write.header
    try with(generation) { stored in
      for (expected, chunk) in write.chunks.enumerated() {
        guard chunk.chunk.ordinal == expected else {
          throw IndexError.gap(header.document, expected: expected, found: chunk.chunk.ordinal)
        }
        guard let vector = chunk.vector else { continue }
        guard vector.count == stored.dimensions else {
          throw IndexError.wrongDimensions(generation, expected: stored.dimensions, found: vector.count)
        }
        guard vector.allSatisfy(\.isFinite) else {
          throw IndexError.notFinite(generation, document: header.document, ordinal: expected)
        }
      }
    }
    for chunk in write.chunks {
      let id = ChunkID(document: header.document, revision: header.revision, ordinal: chunk.chunk.ordinal)
      try with(generation) { $0.entries[id] = Entry(header: header, chunk: chunk) }
      try await pass(.wrote)
    }
    return .applied
  }

  package func remove(
    _ document: DocumentID, revision: Int, from generation: GenerationName
  ) async throws -> WriteResult {
    try await sweep(document, below: revision + 1, in: generation)
    return .applied
  }

  package func sweep(_ document: DocumentID, below revision: Int, in generation: GenerationName) async throws {
    try call(generation)
    try with(generation) { stored in
      stored.entries = stored.entries.filter { $0.key.document != document || $0.key.revision >= revision }
    }
  }

  package func candidates(_ request: CandidateRequest, in generation: GenerationName) async throws -> Candidates {
    try call(generation)
    let middle = try with(generation) { stored -> ChunkID? in
      if let vector = request.vector, request.nearest > 0, vector.count != stored.dimensions {
        throw IndexError.wrongDimensions(generation, expected: stored.dimensions, found: vector.count)
      }
      let chunks = stored.entries.keys.sorted()
      return chunks.isEmpty ? nil : chunks[chunks.count / 2]
    }
    let readsSnapshots = capabilities.contains(.snapshotReads)
    var entries: [ChunkID: Entry] = [:]
    if !readsSnapshots, let middle {
      entries = try with(generation) { $0.entries.filter { $0.key >= middle } }
    }
    try await pass(.reading)
    let rest = try with(generation) { stored in
      stored.entries.filter { entry in readsSnapshots || (middle.map { entry.key < $0 } ?? true) }
    }
    entries.merge(rest) { first, _ in first }
    return Self.answer(request, entries.filter { Self.matches($0.value, request) })
  }

  /// Removes chunks.
  func drop(in generation: GenerationName, _ isDropped: (ChunkID) -> Bool) async throws {
    try call(generation)
    try with(generation) { stored in stored.entries = stored.entries.filter { !isDropped($0.key) } }
  }

  private static func matches(_ entry: Entry, _ request: CandidateRequest) -> Bool {
    (request.source.map { entry.header.source == $0 } ?? true)
      && request.where.allSatisfy { entry.header.meta[$0.key] == $0.value }
  }

  private static func answer(_ request: CandidateRequest, _ entries: [ChunkID: Entry]) -> Candidates {
    let query = request.vector ?? []
    let nearest = entries.compactMap { id, entry -> ScoredChunk? in
      guard let vector = entry.chunk.vector else { return nil }
      let score = zip(vector, query).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      return ScoredChunk(chunk: id, score: score)
    }
    .sorted { ($1.score, $0.chunk) < ($0.score, $1.chunk) }
    .prefix(request.nearest)
    var contents: [ChunkID: ChunkContent] = [:]
    for found in nearest {
      guard let entry = entries[found.chunk] else { continue }
      let chunk = entry.chunk.chunk
      contents[found.chunk] = ChunkContent(
        uri: entry.header.uri, source: entry.header.source, page: chunk.page, heading: chunk.heading,
        start: chunk.start, end: chunk.end, text: chunk.text, meta: entry.header.meta)
    }
    return Candidates(lists: CandidateLists(nearest: Array(nearest)), contents: contents)
  }

  /// Returns counts rounded up to tens, like statistics that lag behind.
  package func counts(in generation: GenerationName) async throws -> IndexCounts {
    try call(generation)
    return try with(generation) { stored in
      let documents = Set(stored.entries.keys.map(\.document)).count
      return IndexCounts(
        documents: (documents + 9) / 10 * 10, chunks: (stored.entries.count + 9) / 10 * 10, tombstones: 0)
    }
  }
}
