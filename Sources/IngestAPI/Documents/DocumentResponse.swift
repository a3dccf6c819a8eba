package import IngestCore
package import IngestDocuments
package import IngestOperations

/// A document as `document list` and `document show` print it.
package struct DocumentResponse: Codable, Hashable, Sendable {
  /// What one generation holds of the document.
  package struct Held: Codable, Hashable, Sendable {
    package var generation: Int
    package var state: Generation.State
    package var revision: Int?
    package var chunks: Int

    init(_ held: DocumentHoldings.Held) {
      generation = held.generation.number
      state = held.generation.state
      revision = held.revision
      chunks = held.chunks
    }
  }

  package var document: String
  package var index: String
  package var source: String
  package var uri: String
  package var revision: Int
  package var deleted: Bool
  package var content: String?
  package var sizeBytes: Int
  package var meta: [String: String]
  package var workflow: String
  /// The revision that the live generation holds; nil before the first.
  package var held: Int?
  package var chunks: Int
  /// The state of the document's newest job in the live generation.
  package var job: String?
  package var state: JobState?
  package var createdAt: Timestamp
  package var changedAt: Timestamp
  /// In `document show` only; at most 50.
  package var generations: [Held]?
  package var generationsTotal: Int?

  package init(_ report: DocumentReport) {
    document = report.document
    index = report.index
    source = report.source
    uri = report.uri
    revision = report.revision
    deleted = report.deleted
    content = report.content
    sizeBytes = report.sizeBytes
    meta = report.meta
    workflow = report.workflow
    held = report.held
    chunks = report.chunks
    job = report.job
    state = report.state
    createdAt = report.createdAt
    changedAt = report.changedAt
  }

  package init(_ holdings: DocumentHoldings) {
    self.init(holdings.report)
    generations = holdings.generations.prefix(50).map(Held.init)
    generationsTotal = holdings.generations.count
  }
}

/// A page of a document's text, as `document text` prints it.
package struct DocumentPageResponse: Codable, Hashable, Sendable {
  package var document: String
  package var revision: Int
  package var page: Int?
  package var text: String

  package init(_ document: DocumentReport, _ page: ParsedPage) {
    self.document = document.document
    revision = document.revision
    self.page = page.number
    text = page.text
  }
}

/// A chunk as `document chunks` and `parse` print it.
package struct ChunkResponse: Codable, Hashable, Sendable {
  package var ordinal: Int
  /// The start of the half-open span in the document's text, in Unicode scalars.
  package var start: Int
  package var end: Int
  package var page: Int?
  package var heading: [String]
  package var tokens: Int
  package var text: String
  /// This and the next three are nil for a chunk of `parse`.
  package var chunk: String?
  package var document: String?
  package var revision: Int?
  package var generation: Int?

  package init(_ chunk: Chunk) {
    ordinal = chunk.ordinal
    start = chunk.start
    end = chunk.end
    page = chunk.page
    heading = chunk.heading
    tokens = chunk.tokens
    text = chunk.text
  }

  package init(_ chunk: Chunk, of held: HeldChunks) {
    self.init(chunk)
    self.chunk = held.id(of: chunk)
    document = held.document.document
    revision = held.revision
    generation = held.generation.number
  }
}
