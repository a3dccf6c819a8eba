package import IngestCore

/// Looks into the generations for what jobs wrote and did not live to tell, and tells the catalogue.
///
/// A write and its checkpoint are two transactions. Where the worker dies between them the job is run again, and the second
/// run tells; but a job that was cancelled or died instead is not run again. What it shows by then was accepted and is whole,
/// so the catalogue takes it over; what it only staged, and what it left of lower revisions, is removed. May be left at any
/// point, and run by many at once.
package struct Settlement: Sendable {
  private let generations: any GenerationStore
  private let backend: any IndexBackend
  private static let page = 64

  package init(generations: any GenerationStore, backend: any IndexBackend) {
    self.generations = generations
    self.backend = backend
  }

  /// - Throws: the first failure, once every write has had its turn; a cancellation at once.
  package func run(_ scope: UnsettledScope) async throws {
    var after: Int64 = 0
    var failure: (any Error)?
    while true {
      let page = try await generations.unsettledWrites(scope, after: after, limit: Self.page)
      guard let last = page.last else { break }
      after = last.key
      for write in page {
        try Task.checkCancellation()
        do { try await settle(write) } catch { failure = failure ?? error }
      }
    }
    if let failure { throw failure }
  }

  private func settle(_ write: UnsettledWrite) async throws {
    let name = GenerationName(index: write.index, number: write.generation)
    var shown: ShownRevision?
    do {
      if let found = try await backend.revisions(of: write.document, in: name) {
        try await tidy(found, behind: write, in: name)
        shown = found.shown
      }
    } catch IndexError.generationMissing {
      // Its files are gone, and what they held with them.
    }
    try await generations.settle(write, shown: shown)
  }

  /// Removes what no search finds and no job goes on with.
  private func tidy(_ found: DocumentRevisions, behind write: UnsettledWrite, in name: GenerationName) async throws {
    // A job that came since the page was read may be staging again.
    if found.isStaged(write.revision), try await generations.isSettleable(write) {
      try await backend.discard(write.document, revision: write.revision, in: name)
    }
    if let below = found.sweepable.max() {
      try await backend.purge(write.document, revisions: 0...below, in: name)
    }
  }
}
