package import IngestCore
package import IngestIndex

/// The answer to one query, from one generation.
package struct SearchResponse: Codable, Hashable, Sendable {
  package struct Hit: Codable, Hashable, Sendable {
    package var rank: Int
    package var score: Double
    package var document: DocumentID
    package var uri: String
    package var source: String
    package var page: Int?
    /// Outermost first; missing if the text has none.
    package var heading: [String]?
    package var chunk: String
    /// The start of the half-open span in the document's text, in Unicode scalars.
    package var start: Int
    package var end: Int
    package var text: String
    package var meta: [String: String]
  }

  package var index: String
  package var generation: Int
  package var tookMs: Double
  package var hits: [Hit]
  /// How the answer differs from the request; missing if it does not.
  package var note: String?

  package init(_ answer: SearchAnswer) {
    index = answer.index
    generation = answer.generation
    tookMs = answer.tookMilliseconds
    note = answer.note
    hits = answer.hits.map { hit in
      Hit(
        rank: hit.rank, score: hit.score, document: hit.chunk.document, uri: hit.content.uri,
        source: hit.content.source,
        page: hit.content.page, heading: hit.content.heading.isEmpty ? nil : hit.content.heading,
        chunk: hit.chunk.description,
        start: hit.content.start, end: hit.content.end, text: hit.content.text, meta: hit.content.meta)
    }
  }
}
