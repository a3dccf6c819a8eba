package import IngestCore
package import IngestIndex
internal import IngestSQL

extension SQLiteIndex {
  package func candidates(_ request: CandidateRequest, in name: GenerationName) async throws -> Candidates {
    try await with(name) { generation in
      if let vector = request.vector, request.nearest > 0 {
        guard vector.count == generation.layout.dimensions else {
          throw IndexError.wrongDimensions(name, expected: generation.layout.dimensions, found: vector.count)
        }
        guard vector.allSatisfy(\.isFinite) else {
          throw IndexError.badRequest("The query's vector contains NaN or infinity.")
        }
      }
      return try await generation.read { snapshot in try snapshot.candidates(request) }
    }
  }

  package func inventory(
    after: DocumentID?, limit: Int, in name: GenerationName
  ) async throws -> [DocumentInventory] {
    try await with(name) { generation in
      try await generation.read { snapshot in try snapshot.inventory(after: after, limit: limit) }
    }
  }

  package func inventory(of document: DocumentID, in name: GenerationName) async throws -> DocumentInventory? {
    try await with(name) { generation in
      try await generation.read { snapshot in try snapshot.inventory(of: document) }
    }
  }

  package func revisions(of document: DocumentID, in name: GenerationName) async throws -> DocumentRevisions? {
    try await with(name) { generation in
      try await generation.read { snapshot in try snapshot.revisions(of: document) }
    }
  }

  package func chunks(of document: DocumentID, in name: GenerationName) async throws -> DocumentChunks? {
    try await with(name) { generation in
      try await generation.read { snapshot in try snapshot.chunks(of: document) }
    }
  }

  package func tombstones(
    after: DocumentID?, limit: Int, in name: GenerationName
  ) async throws -> [DocumentRevision] {
    try await with(name) { generation in
      try await generation.read { snapshot in try snapshot.tombstones(after: after, limit: limit) }
    }
  }

  package func strays(in name: GenerationName) async throws -> Int {
    try await with(name) { generation in
      try await generation.read { snapshot in try snapshot.strays() }
    }
  }

  package func counts(in name: GenerationName) async throws -> IndexCounts {
    try await with(name) { generation in
      try await generation.read { snapshot in try snapshot.counts() }
    }
  }

  package func maintain(_ name: GenerationName) async throws -> Bool {
    try await with(name) { generation in try await generation.compact() }
  }

  package func purgeStrays(in name: GenerationName) async throws {
    try await with(name) { generation in
      guard try await generation.read({ try $0.strays() }) > 0 else { return }
      try await generation.database.write { connection in try StrayRemoval.run(connection) }
    }
  }
}
