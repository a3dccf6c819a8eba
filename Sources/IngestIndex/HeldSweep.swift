package import IngestCore

/// Removes revisions below the held one from back ends that do not remove them on their own: revisions that an update
/// left for searches in flight, and revisions that a late worker wrote.
///
/// The order is: write the new revision, record it as held, then sweep. A sweep may stop at any point and may run in
/// many workers at once. No list of documents to sweep exists yet, so a document is swept before its next write, during
/// a comparison with the catalogue, and by upkeep.
package struct HeldSweep: Sendable {
  private let generations: any GenerationStore
  private static let page = 256

  package init(generations: any GenerationStore) { self.generations = generations }

  /// Sweeps these documents.
  package func run(
    _ documents: [DocumentID], of name: GenerationName, in backend: any IndexBackend
  ) async throws {
    guard !backend.capabilities.showOnlyHeld else { return }
    for (document, lowest) in try await lowest(of: documents, in: name) {
      try await backend.sweep(document, below: lowest, in: name)
    }
  }

  /// Sweeps every document for which the back end lists a revision below the held one.
  package func run(_ name: GenerationName, in backend: any IndexBackend) async throws {
    guard !backend.capabilities.showOnlyHeld, let verifiable = backend.verifiable else { return }
    var after: DocumentID?
    while true {
      try Task.checkCancellation()
      let page = try await verifiable.inventory(after: after, limit: Self.page, in: name)
      guard let last = page.last else { return }
      after = last.document
      let lowest = Dictionary(
        try await lowest(of: page.map(\.document), in: name).map { ($0.document, $0.lowest) }
      ) { first, _ in first }
      for found in page {
        guard let lowest = lowest[found.document], found.parts.contains(where: { $0.revision < lowest }) else {
          continue
        }
        try await backend.sweep(found.document, below: lowest, in: name)
      }
    }
  }

  /// Returns the lowest revision that each document keeps. Documents that the generation does not hold are left out.
  private func lowest(
    of documents: [DocumentID], in name: GenerationName
  ) async throws -> [(document: DocumentID, lowest: Int)] {
    try await generations.holdings(name.index, name.number, of: documents).compactMap { holding in
      holding.revision.map { (holding.document, holding.change == .delete ? $0 + 1 : $0) }
    }
  }
}
