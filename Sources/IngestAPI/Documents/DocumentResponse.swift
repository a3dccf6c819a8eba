package import IngestCore
package import IngestDocuments
package import IngestOperations

/// A document as `document show` prints it.
package struct DocumentResponse: Codable, Hashable, Sendable {
  /// The revision of the document that one generation holds.
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

  /// The fields that follow the document's own; at most 50 generations.
  package struct Holdings: Codable, Hashable, Sendable {
    package var generations: [Held]
    package var generationsTotal: Int
  }

  /// The fields of the document, as `document list` prints them.
  package var report: DocumentReport
  package var holdings: Holdings

  package init(_ holdings: DocumentHoldings) {
    report = holdings.report
    self.holdings = Holdings(
      generations: holdings.generations.prefix(50).map(Held.init), generationsTotal: holdings.generations.count)
  }

  package init(from decoder: any Decoder) throws {
    report = try DocumentReport(from: decoder)
    holdings = try Holdings(from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    try holdings.encode(to: encoder)
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

/// A chunk of a stored document, as `document chunks` prints it. `parse` prints the chunk alone.
package struct ChunkResponse: Codable, Hashable, Sendable {
  /// The fields that follow the chunk's own.
  package struct Place: Codable, Hashable, Sendable {
    package var chunk: String
    package var document: String
    package var revision: Int
    package var generation: Int
  }

  package var chunk: Chunk
  package var place: Place

  package init(_ chunk: Chunk, of held: HeldChunks) {
    self.chunk = chunk
    place = Place(
      chunk: held.id(of: chunk), document: held.document.document, revision: held.revision,
      generation: held.generation.number)
  }

  package init(from decoder: any Decoder) throws {
    chunk = try Chunk(from: decoder)
    place = try Place(from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    try chunk.encode(to: encoder)
    try place.encode(to: encoder)
  }
}
