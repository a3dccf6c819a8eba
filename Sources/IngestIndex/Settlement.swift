package import IngestCore

/// Records in the catalogue what jobs wrote into generations and could not report before they ended.
///
/// A write and its checkpoint are two transactions. Where the worker dies between them the job runs again and reports; a job
/// that was cancelled or died instead does not. Where the back end shows revisions at once, what it shows by then was
/// accepted and is whole, so the catalogue takes it over; what was only staged, and what is left of lower revisions, is
/// removed. Where the back end cannot tell what is whole, nothing is taken over and what the catalogue does not hold is
/// removed. May stop at any point, and run in many workers at once.
package struct Settlement: Sendable {
  private let generations: any GenerationStore
  private let backends: GenerationBackends
  private static let page = 64

  package init(generations: any GenerationStore, backends: BackendRegistry) {
    self.generations = generations
    self.backends = GenerationBackends(backends, generations: generations)
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
      // Its files are gone, and what they held with them.
    }
    try await generations.settle(write, shown: shown)
  }

  /// Removes what no search finds and no job continues.
  private func tidy(
    _ found: DocumentRevisions, behind write: UnsettledWrite, in name: GenerationName, of backend: any VerifiableBackend
  ) async throws {
    // A job that came since the page was read may be staging again.
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
