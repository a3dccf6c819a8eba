package import IngestCore
package import IngestDocuments
import IngestIndex

/// The texts that jobs have read from documents. The composition root knows where they are kept.
package protocol DocumentTexts: Sendable {
  /// Returns the pages that this parser made of these bytes; nil while no job has read them.
  func pages(of content: ContentHash, parser: String) async throws -> [ParsedPage]?
}

/// A document, and its revision in each open generation.
package struct DocumentHoldings: Sendable {
  package struct Held: Sendable {
    package var generation: Generation
    /// Nil if the generation holds no revision yet.
    package var revision: Int?
    package var chunks: Int
  }

  package var report: DocumentReport
  package var generations: [Held]
}

/// The chunks of a document that searches find in one generation.
package struct HeldChunks: Sendable {
  package var document: DocumentReport
  package var generation: Generation
  package var revision: Int
  package var chunks: [Chunk]

  /// Returns the id of one of the chunks within its index.
  package func id(of chunk: Chunk) -> String {
    ChunkID(document: DocumentID(rawValue: document.document), revision: revision, ordinal: chunk.ordinal).description
  }
}

extension Operations {
  /// Returns the documents that match.
  /// - Throws: `INDEX_NOT_FOUND`.
  package func documents(_ filter: DocumentFilter) async throws -> [DocumentReport] {
    _ = try await generations.list(filter.index)
    return try await documents.documents(filter)
  }

  /// Returns a document and its revision in each open generation.
  /// - Parameter name: as for ``document(_:index:source:)``.
  package func holdings(of name: String, index: String, source: String?) async throws -> DocumentHoldings {
    let report = try await document(name, index: index, source: source)
    var held: [DocumentHoldings.Held] = []
    for generation in try await generations.list(report.index) where generation.isOpen {
      let holding = try await generations.holdings(
        report.index, generation.number, of: [DocumentID(rawValue: report.document)]
      ).first
      held.append(.init(generation: generation, revision: holding?.revision, chunks: holding?.chunks ?? 0))
    }
    return DocumentHoldings(report: report, generations: held)
  }

  /// Returns the chunks of a document in one generation.
  /// - Parameter number: nil for the live generation.
  /// - Throws: as ``document(_:index:source:)``, and `DOCUMENT_DELETED`; `DOCUMENT_NOT_HELD` before the
  ///   generation holds its first revision.
  package func chunks(
    of name: String, index: String, source: String?, generation number: Int?
  ) async throws -> HeldChunks {
    let report = try await document(name, index: index, source: source)
    let live = try await generations.live(report.index)
    let generation = if let number { try await generations.generation(report.index, number) } else { live }
    let backend = try backends.backend(for: generation.spec).requireVerifiable()
    let held = try await backend.chunks(of: DocumentID(rawValue: report.document), in: GenerationName(generation))
    guard let held, held.revision > 0 else {
      if report.deleted { throw Self.deleted(report) }
      throw Failure(
        .unavailable, code: "DOCUMENT_NOT_HELD",
        "Generation \(generation.number) of '\(report.index)' does not hold the document \(report.uri) yet.",
        hint: Self.progressHint(report), category: .later)
    }
    return HeldChunks(document: report, generation: generation, revision: held.revision, chunks: held.chunks)
  }

  /// Returns the text of a document as the live generation's parser read it.
  /// - Parameter page: the number of a page, from 1; nil returns all pages.
  /// - Throws: as ``document(_:index:source:)``, and `DOCUMENT_DELETED`, `PAGE_NOT_FOUND`; `DOCUMENT_NOT_READ` before a job
  ///   has read it, or if that job died.
  package func text(
    of name: String, index: String, source: String?, page: Int?
  ) async throws -> (document: DocumentReport, pages: [ParsedPage]) {
    let report = try await document(name, index: index, source: source)
    guard let content = report.content.map(ContentHash.init(rawValue:)) else { throw Self.deleted(report) }
    let parser = try await generations.live(report.index).spec.parser
    guard let pages = try await texts.pages(of: content, parser: parser) else { throw Self.unread(report) }
    guard let page else { return (report, pages) }
    let wanted = pages.filter { ($0.number ?? 1) == page }
    guard !wanted.isEmpty else {
      throw Failure(
        .permanent, code: "PAGE_NOT_FOUND", "The document \(report.uri) has no page \(page).",
        hint: "It has \(pages.count).", category: .notFound)
    }
    return (report, wanted)
  }

  private static func deleted(_ report: DocumentReport) -> Failure {
    Failure(
      .permanent, code: "DOCUMENT_DELETED", "The document \(report.uri) is deleted.",
      hint: "Submit it again to have it back.", category: .notFound)
  }

  private static func unread(_ report: DocumentReport) -> Failure {
    if let job = report.job, report.state == .dead {
      return Failure(
        .permanent, code: "DOCUMENT_NOT_READ", "The document \(report.uri) could not be read: its job died.",
        hint: "\(Action(.deadShow, job)) shows the reason.")
    }
    return Failure(
      .unavailable, code: "DOCUMENT_NOT_READ", "The document \(report.uri) has not been read yet.",
      hint: progressHint(report), category: .later)
  }

  private static func progressHint(_ report: DocumentReport) -> Hint {
    report.job.map { "\(Action(.jobShow, $0)) shows its progress." } ?? "Try again in a moment."
  }
}
