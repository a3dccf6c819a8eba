package import IngestCore

/// A comparison that proves or disproves that a generation holds exactly what the catalogue says.
package struct IndexVerification: Sendable {
  package var documents = 0
  /// Number of expected chunks.
  package var chunks = 0
  package var findings: [DocumentFinding] = []
  /// Number of entries that belong to no document.
  package var strays = 0

  package init() {}

  package var isProved: Bool { findings.isEmpty && strays == 0 }

  /// Returns pages of the catalogue in the order of document ids; empty at the end.
  package typealias Catalogue =
    @Sendable (_ after: DocumentID?, _ limit: Int) async throws -> [ExpectedDocument]
  /// Returns the current entry of one document in the catalogue.
  package typealias CatalogueEntry = @Sendable (_ document: DocumentID) async throws -> ExpectedDocument?

  /// Walks the catalogue and the back end side by side, once. Memory is bounded except for the findings.
  ///
  /// Writers may run meanwhile, and the two cannot be read in one transaction. A document that seems to differ is
  /// therefore checked again: the catalogue is read before and after the back end, and the difference counts only if
  /// the catalogue did not change.
  package static func run(
    _ generation: GenerationName, of backend: any VerifiableBackend, pageSize: Int = 256,
    catalogue: Catalogue, entry: CatalogueEntry
  ) async throws -> IndexVerification {
    var report = IndexVerification()
    var expected = Cursor<ExpectedDocument>(id: \.document)
    var found = Cursor<DocumentInventory>(id: \.document)
    while true {
      try Task.checkCancellation()
      try await expected.fill { try await catalogue($0, pageSize) }
      try await found.fill { try await backend.inventory(after: $0, limit: pageSize, in: generation) }
      guard let next = [expected.head?.document, found.head?.document].compactMap(\.self).min() else { break }
      let wanted = expected.take(next)
      let held = found.take(next)
      if let wanted, !wanted.deleted {
        report.documents += 1
        report.chunks += wanted.chunks
      }
      guard !DocumentFinding.compare(expected: wanted, found: held).isEmpty else { continue }
      report.findings += try await settled(next, in: generation, of: backend, entry: entry)
    }
    report.strays = try await backend.strays(in: generation)
    return report
  }

  private static func settled(
    _ document: DocumentID, in generation: GenerationName, of backend: any VerifiableBackend, entry: CatalogueEntry
  ) async throws -> [DocumentFinding] {
    var before = try await entry(document)
    while true {
      try Task.checkCancellation()
      let held = try await backend.inventory(of: document, in: generation)
      let after = try await entry(document)
      if before == after { return DocumentFinding.compare(expected: before, found: held) }
      before = after
    }
  }

  /// One side of the walk: a page and the position in it.
  private struct Cursor<Element> {
    let id: (Element) -> DocumentID
    var page: ArraySlice<Element> = []
    var last: DocumentID?
    var ended = false

    init(id: @escaping (Element) -> DocumentID) { self.id = id }

    var head: Element? { page.first }

    mutating func fill(_ next: (DocumentID?) async throws -> [Element]) async throws {
      guard page.isEmpty, !ended else { return }
      page = try await next(last)[...]
      last = page.last.map(id)
      ended = page.isEmpty
    }

    mutating func take(_ document: DocumentID) -> Element? {
      guard let head, id(head) == document else { return nil }
      page.removeFirst()
      return head
    }
  }
}
