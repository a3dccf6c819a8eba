import IngestCore

/// An index as it is shown; its JSON is the stable one.
struct IndexReport: Encodable {
  struct Entry: Encodable {
    var generation: Int
    var state: Generation.State
    var backend: String
    var embedder: String
    var documents: Int
    var chunks: Int
    var createdAt: Timestamp
    var behind: Int
    var dead: Int
  }

  var index: String
  var live: Int?
  var generations: [Entry]

  init(index: String, _ reports: [GenerationReport]) {
    self.index = index
    live = reports.first { $0.generation.state == .live }?.generation.number
    generations = reports.map { report in
      let generation = report.generation
      return Entry(
        generation: generation.number, state: generation.state, backend: generation.spec.backend,
        embedder: generation.spec.embedder.name, documents: report.documents, chunks: report.chunks,
        createdAt: generation.createdAt, behind: report.behind, dead: report.dead)
    }
  }
}
