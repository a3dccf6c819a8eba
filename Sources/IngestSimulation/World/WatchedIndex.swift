import IngestCore
import IngestIndex

/// A worker's index, watched by the oracle. Faults may occur before and after each write.
struct WatchedIndex: ForwardingBackend {
  unowned let host: WorkerHost
  let base: any IndexBackend

  private func watched<T>(
    _ call: String, _ generation: GenerationName, _ body: () async throws -> T
  ) async throws -> T {
    try await host.pass("before \(call)")
    if host.world.isStormy, host.world.plan.has(.indexErrors), host.world.faults.chance(15) {
      throw IndexError.storage(
        generation, Failure(.transient, code: "DATABASE_BUSY", "The index is busy."))
    }
    let result = try await body()
    try await host.pass("after \(call)")
    if host.world.isStormy, host.world.plan.has(.indexErrors), host.world.faults.chance(15) {
      host.world.trace.note(host.name, "gets an error from \(call), although it took effect")
      throw IndexError.storage(
        generation, Failure(.transient, code: "OUTCOME_UNKNOWN", "Outcome unknown.", reason: .outcomeUnknown))
    }
    return result
  }

  func create(_ generation: GenerationName, dimensions: Int) async throws {
    try await watched("creating \(generation)", generation) {
      try await base.create(generation, dimensions: dimensions)
    }
  }

  func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    host.world.oracle.indexes(write, into: generation, by: host)
    return try await watched("writing \(write.header.uri) into \(generation)", generation) {
      try await base.write(write, into: generation)
    }
  }

  func stage(_ slice: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    host.world.oracle.indexes(slice, into: generation, by: host)
    return try await watched("staging \(slice.header.uri)", generation) {
      try await requireStaging().stage(slice, into: generation)
    }
  }

  func publish(_ header: DocumentHeader, chunks: Int, into generation: GenerationName) async throws
    -> WriteResult
  {
    try await watched("publishing \(header.uri)", generation) {
      try await requireStaging().publish(header, chunks: chunks, into: generation)
    }
  }

  /// Used when a write is settled.
  func revisions(of document: DocumentID, in generation: GenerationName) async throws -> DocumentRevisions? {
    try await watched("reading a document of \(generation)", generation) {
      try await base.requireVerifiable().revisions(of: document, in: generation)
    }
  }

  func discard(_ document: DocumentID, revision: Int, in generation: GenerationName) async throws {
    try await watched("discarding the staged chunks of a document in \(generation)", generation) {
      try await base.requireVerifiable().discard(document, revision: revision, in: generation)
    }
  }

  func remove(_ document: DocumentID, revision: Int, from generation: GenerationName) async throws
    -> WriteResult
  {
    try await watched("removing a document from \(generation)", generation) {
      try await base.remove(document, revision: revision, from: generation)
    }
  }
}
