import IngestCore
import IngestIndex
import IngestSimulation
import IngestTestKit

/// An index with crash points around its writes.
struct BackendUnderFire: ForwardingBackend {
  let base: any IndexBackend
  let fire: Fire

  func create(_ generation: GenerationName, dimensions: Int) async throws {
    try await fire.around(.createBefore, .createAfter) {
      try await base.create(generation, dimensions: dimensions)
    }
  }

  func delete(_ generation: GenerationName) async throws {
    try await fire.around(.deleteBefore, .deleteAfter) { try await base.delete(generation) }
  }

  func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    switch fire.bug {
    case .deleteBeforeWrite? where write.header.revision > 1:
      try await base.requireVerifiable().purge(
        write.header.document, revisions: 1...write.header.revision - 1, in: generation)
    case .checkpointBeforeEffect?:
      fire.late.add { [base] in _ = try await base.write(write, into: generation) }
      return .applied
    default: break
    }
    return try await fire.around(.writeBefore, .writeAfter) { try await base.write(write, into: generation) }
  }

  func stage(_ slice: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    try await fire.around(.stageBefore, .stageAfter) { try await requireStaging().stage(slice, into: generation) }
  }

  func publish(_ header: DocumentHeader, chunks: Int, into generation: GenerationName) async throws -> WriteResult {
    try await fire.around(.publishBefore, .publishAfter) {
      try await requireStaging().publish(header, chunks: chunks, into: generation)
    }
  }

  func remove(_ document: DocumentID, revision: Int, from generation: GenerationName) async throws -> WriteResult {
    try await fire.around(.removeBefore, .removeAfter) {
      try await base.remove(document, revision: revision, from: generation)
    }
  }

  func pruneTombstones(_ tombstones: [DocumentRevision], in generation: GenerationName) async throws {
    guard !tombstones.isEmpty else { return }
    try await fire.around(.tombstonesBefore, .tombstonesAfter) {
      try await requireMaintained().pruneTombstones(tombstones, in: generation)
    }
  }

  func candidates(_ request: CandidateRequest, in generation: GenerationName) async throws -> Candidates {
    let found = try await base.candidates(request, in: generation)
    guard fire.bug == .mixedSearch else { return found }
    let other = GenerationName(index: generation.index, number: generation.number == 1 ? 2 : 1)
    let mixed = try await base.candidates(request, in: other)
    return Candidates(
      lists: CandidateLists(
        nearest: Array(found.lists.nearest.prefix(1)) + mixed.lists.nearest.dropFirst(),
        keyword: Array(found.lists.keyword.prefix(1)) + mixed.lists.keyword.dropFirst()),
      contents: found.contents.merging(mixed.contents) { first, _ in first })
  }
}
