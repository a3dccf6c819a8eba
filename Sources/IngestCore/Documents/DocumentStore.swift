/// The store queries on documents.
package protocol DocumentStore: Sendable {
  /// Returns a document by its id, a unique prefix of its id, or its uri.
  /// - Throws: `DOCUMENT_NOT_FOUND`, `DOCUMENT_AMBIGUOUS`.
  func document(_ text: String, index: String, source: String?) async throws -> DocumentReport
  func documents(_ filter: DocumentFilter) async throws -> [DocumentReport]
  /// Returns the uris of documents that begin with `prefix` and are not deleted, in order, starting after `after`.
  func uris(
    index: String, source: String, prefix: String, after: String?, limit: Int
  ) async throws -> [String]
  /// Returns the parse step's result for these bytes; nil if no job has made it.
  func parse(_ content: ContentHash, parser: String) async throws -> String?
}

package struct DocumentFilter: Sendable {
  package var index: String
  package var source: String?
  /// Whether to select only documents whose held revision is not the wanted one.
  package var behind: Bool
  package var limit: Int

  package init(index: String, source: String? = nil, behind: Bool = false, limit: Int = 50) {
    self.index = index
    self.source = source
    self.behind = behind
    self.limit = limit
  }
}

/// A document, as front doors show it. They print it as it is, with keys in snake case.
package struct DocumentReport: Codable, Hashable, Sendable {
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
  /// The newest job for it in the live generation.
  package var job: String?
  package var state: JobState?
  package var createdAt: Timestamp
  package var changedAt: Timestamp

  package init(
    document: String, index: String, source: String, uri: String, revision: Int, deleted: Bool, content: String?,
    sizeBytes: Int, meta: [String: String], workflow: String, held: Int?, chunks: Int, job: String?, state: JobState?,
    createdAt: Timestamp, changedAt: Timestamp
  ) {
    self.document = document
    self.index = index
    self.source = source
    self.uri = uri
    self.revision = revision
    self.deleted = deleted
    self.content = content
    self.sizeBytes = sizeBytes
    self.meta = meta
    self.workflow = workflow
    self.held = held
    self.chunks = chunks
    self.job = job
    self.state = state
    self.createdAt = createdAt
    self.changedAt = changedAt
  }
}
