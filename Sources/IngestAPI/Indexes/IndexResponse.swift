package import IngestCore
package import IngestOperations

/// An index as `index list`, `index show` and `index create` print it.
package struct IndexResponse: Codable, Hashable, Sendable {
  package struct Entry: Codable, Hashable, Sendable {
    package var generation: Int
    package var state: Generation.State
    package var backend: String
    package var embedder: String
    package var documents: Int
    package var chunks: Int
    package var createdAt: Timestamp
    package var behind: Int
    package var dead: Int
  }

  package var index: String
  package var live: Int?
  package var generations: [Entry]

  package init(_ listing: IndexListing) {
    index = listing.index
    live = listing.live?.generation.number
    generations = listing.generations.map { report in
      let generation = report.generation
      return Entry(
        generation: generation.number, state: generation.state, backend: generation.spec.backend,
        embedder: generation.spec.embedder.name, documents: report.documents, chunks: report.chunks,
        createdAt: generation.createdAt, behind: report.behind, dead: report.dead)
    }
  }
}

/// The result of `index build`.
package struct IndexBuildResponse: Codable, Hashable, Sendable {
  package var index: String
  package var generation: Int
  package var job: String

  package init(_ generation: Generation, job: JobID) {
    index = generation.index
    self.generation = generation.number
    self.job = job.rawValue
  }
}

/// The result of `index gc`.
package struct IndexCollectionResponse: Codable, Hashable, Sendable {
  package var index: String
  package var generations: [Int]

  package init(index: String, generations: [Int]) {
    self.index = index
    self.generations = generations
  }
}
