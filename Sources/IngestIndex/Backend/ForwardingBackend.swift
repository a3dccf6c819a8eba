package import IngestCore

/// A back end around another one, with the same capabilities and roles. A wrapper implements only what it changes:
/// single methods, or ``around(_:in:_:)`` for all of them.
package protocol ForwardingBackend: VerifiableBackend, StagingBackend, MaintainedBackend {
  var base: any IndexBackend { get }
  /// Runs a call of ``base``.
  func around<T>(
    _ call: String, in generation: GenerationName, _ body: () async throws -> T
  ) async throws -> T
}

extension ForwardingBackend {
  package var name: String { base.name }
  package var capabilities: BackendCapabilities { base.capabilities }
  package var endpoint: String? { base.endpoint }
  package var verifiable: (any VerifiableBackend)? { base.verifiable == nil ? nil : self }
  package var staging: (any StagingBackend)? { base.staging == nil ? nil : self }
  package var maintained: (any MaintainedBackend)? { base.maintained == nil ? nil : self }

  package func around<T>(
    _ call: String, in generation: GenerationName, _ body: () async throws -> T
  ) async throws -> T {
    try await body()
  }

  package func create(_ generation: GenerationName, dimensions: Int) async throws {
    try await around("create", in: generation) { try await base.create(generation, dimensions: dimensions) }
  }

  package func delete(_ generation: GenerationName) async throws {
    try await around("delete", in: generation) { try await base.delete(generation) }
  }

  package func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    try await around("write", in: generation) { try await base.write(write, into: generation) }
  }

  package func remove(
    _ document: DocumentID, revision: Int, from generation: GenerationName
  ) async throws -> WriteResult {
    try await around("remove", in: generation) {
      try await base.remove(document, revision: revision, from: generation)
    }
  }

  package func sweep(_ document: DocumentID, below revision: Int, in generation: GenerationName) async throws {
    try await around("sweep", in: generation) { try await base.sweep(document, below: revision, in: generation) }
  }

  package func candidates(_ request: CandidateRequest, in generation: GenerationName) async throws -> Candidates {
    try await around("search", in: generation) { try await base.candidates(request, in: generation) }
  }

  package func counts(in generation: GenerationName) async throws -> IndexCounts {
    try await around("count", in: generation) { try await base.counts(in: generation) }
  }
}

// MARK: - VerifiableBackend

extension ForwardingBackend {
  package func inventory(
    after: DocumentID?, limit: Int, in generation: GenerationName
  ) async throws -> [DocumentInventory] {
    try await around("list", in: generation) {
      try await base.requireVerifiable().inventory(after: after, limit: limit, in: generation)
    }
  }

  package func inventory(of document: DocumentID, in generation: GenerationName) async throws -> DocumentInventory? {
    try await around("list", in: generation) {
      try await base.requireVerifiable().inventory(of: document, in: generation)
    }
  }

  package func revisions(of document: DocumentID, in generation: GenerationName) async throws -> DocumentRevisions? {
    try await around("list", in: generation) {
      try await base.requireVerifiable().revisions(of: document, in: generation)
    }
  }

  package func chunks(of document: DocumentID, in generation: GenerationName) async throws -> DocumentChunks? {
    try await around("list", in: generation) {
      try await base.requireVerifiable().chunks(of: document, in: generation)
    }
  }

  package func purge(
    _ document: DocumentID, revisions: ClosedRange<Int>, in generation: GenerationName
  ) async throws {
    try await around("purge", in: generation) {
      try await base.requireVerifiable().purge(document, revisions: revisions, in: generation)
    }
  }

  package func discard(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws {
    try await around("discard", in: generation) {
      try await base.requireVerifiable().discard(document, revision: revision, in: generation)
    }
  }

  package func strays(in generation: GenerationName) async throws -> Int {
    try await around("list", in: generation) { try await base.requireVerifiable().strays(in: generation) }
  }

  package func purgeStrays(in generation: GenerationName) async throws {
    try await around("purge", in: generation) { try await base.requireVerifiable().purgeStrays(in: generation) }
  }
}

// MARK: - StagingBackend

extension ForwardingBackend {
  /// Returns the wrapped back end as one that accepts slices.
  package func requireStaging() throws(IndexError) -> any StagingBackend {
    guard let staging = base.staging else { throw .unsupported(backend: name, what: "take a document in slices") }
    return staging
  }

  package func staged(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws -> Int {
    try await around("list", in: generation) {
      try await requireStaging().staged(document, revision: revision, in: generation)
    }
  }

  package func stage(_ slice: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    try await around("stage", in: generation) { try await requireStaging().stage(slice, into: generation) }
  }

  package func publish(
    _ header: DocumentHeader, chunks: Int, into generation: GenerationName
  ) async throws -> WriteResult {
    try await around("publish", in: generation) {
      try await requireStaging().publish(header, chunks: chunks, into: generation)
    }
  }
}

// MARK: - MaintainedBackend

extension ForwardingBackend {
  /// Returns the wrapped back end as one that needs housekeeping.
  package func requireMaintained() throws(IndexError) -> any MaintainedBackend {
    guard let maintained = base.maintained else { throw .unsupported(backend: name, what: "be maintained") }
    return maintained
  }

  package func maintain(_ generation: GenerationName) async throws -> Bool {
    try await around("maintain", in: generation) { try await requireMaintained().maintain(generation) }
  }

  package func tombstones(
    after: DocumentID?, limit: Int, in generation: GenerationName
  ) async throws -> [DocumentRevision] {
    try await around("maintain", in: generation) {
      try await requireMaintained().tombstones(after: after, limit: limit, in: generation)
    }
  }

  package func pruneTombstones(_ tombstones: [DocumentRevision], in generation: GenerationName) async throws {
    try await around("maintain", in: generation) {
      try await requireMaintained().pruneTombstones(tombstones, in: generation)
    }
  }
}
