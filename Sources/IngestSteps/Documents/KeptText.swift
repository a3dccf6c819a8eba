package import IngestCore
package import IngestDocuments

/// The stored text of documents that some job has parsed, for display.
package struct KeptText: Sendable {
  private let documents: any DocumentStore
  private let blobs: any BlobStore

  package init(documents: any DocumentStore, blobs: any BlobStore) {
    self.documents = documents
    self.blobs = blobs
  }

  /// Returns the pages that this parser read from these bytes. Nil if no job has parsed them yet.
  package func pages(of content: ContentHash, parser: String) async throws -> [ParsedPage]? {
    guard let kept = try await documents.parse(content, parser: parser) else { return nil }
    var pages: [ParsedPage] = []
    for hash in try StepJSON.decode(ParseResult.self, kept, what: "kept parse").parts {
      pages += try ParsedPart(decoding: try await blobs.get(hash)).pages
    }
    return pages
  }
}
