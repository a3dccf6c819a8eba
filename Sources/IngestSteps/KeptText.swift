package import IngestCore
package import IngestDocuments

/// The text of documents that some job has read, for whoever wants to see it.
package struct KeptText: Sendable {
  private let documents: any DocumentStore
  private let blobs: any BlobStore

  package init(documents: any DocumentStore, blobs: any BlobStore) {
    self.documents = documents
    self.blobs = blobs
  }

  /// The pages that this parser made of these bytes; nil while no job has read them.
  package func pages(of content: ContentHash, parser: String) async throws -> [ParsedPage]? {
    guard let kept = try await documents.parse(content, parser: parser) else { return nil }
    var pages: [ParsedPage] = []
    for hash in try StepJSON.decode(ParseResult.self, kept, what: "kept parse").parts {
      pages += try ParsedPart(decoding: try await blobs.get(hash)).pages
    }
    return pages
  }
}
