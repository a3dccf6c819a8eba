package import IngestCore

/// Looks into the generations for what jobs wrote and did not live to tell, and tells the catalogue.
///
/// A write and its checkpoint are two transactions. Where the worker dies between them the job is run again, and the second
/// run tells; but a job that was cancelled or died instead is not run again. What it shows by then was accepted and is whole,
/// so the catalogue takes it over; what it only staged is removed. May be left at any point, and run by many at once.
package struct Settlement: Sendable {
  private let generations: any GenerationStore
  private let backend: any IndexBackend
  private static let page = 64

  package init(generations: any GenerationStore, backend: any IndexBackend) {
    self.generations = generations
    self.backend = backend
  }

  package func settleAll() async throws { try await settle(in: nil) }

  package func settle(_ name: GenerationName) async throws { try await settle(in: name) }

  private func settle(in name: GenerationName?) async throws {
    var after: Int64 = 0
    while true {
      let page = try await generations.unsettledWrites(
        of: name?.index, generation: name?.number, after: after, limit: Self.page)
      guard let last = page.last else { return }
      after = last.key
      for write in page {
        try Task.checkCancellation()
        try await settle(write)
      }
    }
  }

  private func settle(_ write: UnsettledWrite) async throws {
    let name = GenerationName(index: write.index, number: write.generation)
    var shown: ShownRevision?
    do {
      if let found = try await backend.inventory(of: write.document, in: name) {
        shown = ShownRevision(found)
        if found.revision < write.revision, found.parts.contains(where: { $0.revision == write.revision }) {
          try await backend.discard(write.document, revision: write.revision, in: name)
        }
      }
    } catch IndexError.generationMissing {
      // Its files are gone, and what they held with them.
    }
    try await generations.settle(write, shown: shown)
  }
}

extension ShownRevision {
  /// Nil where nothing is shown, or not all of it: that is for a repair.
  fileprivate init?(_ found: DocumentInventory) {
    if found.deleted {
      self.init(revision: found.revision, isDeleted: true, chunks: 0)
      return
    }
    let chunks = found.parts.first { $0.revision == found.revision }?.chunks ?? []
    guard found.visible == found.revision, found.revision > 0, chunks == Array(0..<chunks.count) else { return nil }
    self.init(revision: found.revision, isDeleted: false, chunks: chunks.count)
  }
}
