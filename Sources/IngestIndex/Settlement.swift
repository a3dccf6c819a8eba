package import IngestCore

/// Records in the catalogue the index writes of jobs that ended before they could report them.
///
/// A write and its checkpoint are two transactions. If the worker dies between them, the job usually runs again and
/// reports the write. A job that was cancelled or died instead does not. If the back end replaces revisions in one
/// step, the revision that it shows was accepted and is complete, so the catalogue records it as held; staged chunks
/// and lower revisions are removed. If the back end cannot say which revision is complete, nothing is recorded, and
/// chunks that the catalogue does not hold are removed. A settlement may stop at any point and may run in many workers
/// at the same time.
package struct Settlement: Sendable {
  private let generations: any GenerationStore
  private let backends: GenerationBackends
  private static let page = 64

  package init(generations: any GenerationStore, backends: BackendRegistry) {
    self.generations = generations
    self.backends = GenerationBackends(backends, generations: generations)
  }

  /// Settles every write in the scope.
  /// - Throws: the first failure, after every write was tried; a cancellation at once.
  package func run(_ scope: UnsettledScope) async throws {
    var cursor: UnsettledPage.Cursor?
    var failure: (any Error)?
    repeat {
      let page = try await generations.unsettledWrites(scope, from: cursor, limit: Self.page)
      for write in page.writes {
        try Task.checkCancellation()
        do { try await settle(write) } catch { failure = failure ?? error }
      }
      cursor = page.next
    } while cursor != nil
    if let failure { throw failure }
  }

  private func settle(_ write: UnsettledWrite) async throws {
    let name = GenerationName(index: write.index, number: write.generation)
    let backend = try await backends.backend(of: name)
    var shown: ShownRevision?
    do {
      if let verifiable = backend.verifiable, let found = try await verifiable.revisions(of: write.document, in: name) {
        if backend.capabilities.showOnlyHeld {
          try await tidy(found, behind: write, in: name, of: verifiable)
          shown = found.shown
        } else {
          try await removeUnheld(found, behind: write, in: name, of: verifiable)
        }
      }
    } catch IndexError.generationMissing {
      // The files of the generation are gone with all their contents.
    }
    try await generations.settle(write, shown: shown)
  }

  /// Removes chunks that no search finds and no job continues.
  private func tidy(
    _ found: DocumentRevisions, behind write: UnsettledWrite, in name: GenerationName, of backend: any VerifiableBackend
  ) async throws {
    // A job that started after the page was read may be staging again.
    if found.isStaged(write.revision), try await generations.isSettleable(write) {
      try await backend.discard(write.document, revision: write.revision, in: name)
    }
    if let below = found.sweepable.max() {
      try await backend.purge(write.document, revisions: 0...below, in: name)
    }
  }

  private func removeUnheld(
    _ found: DocumentRevisions, behind write: UnsettledWrite, in name: GenerationName, of backend: any VerifiableBackend
  ) async throws {
    let held = try await generations.holdings(name.index, name.number, of: [write.document]).first
    guard found.stored[write.revision] != nil, held?.revision != write.revision,
      try await generations.isSettleable(write)
    else { return }
    try await backend.purge(write.document, revisions: write.revision...write.revision, in: name)
  }
}
