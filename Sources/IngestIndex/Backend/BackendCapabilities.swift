/// What a back end guarantees beyond storing and finding chunks. What it lacks, the layer above provides: see each.
package struct BackendCapabilities: OptionSet, Sendable, Hashable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// A write replaces a document's old revision by the new one at once. Without it ``Searcher`` drops hits of revisions that
  /// the catalogue does not hold, and lower revisions are removed once the catalogue holds the new one.
  package static let atomicShow = BackendCapabilities(rawValue: 1)
  /// A write of a lower revision than the applied one changes nothing and returns ``WriteResult/stale(held:)``. Without it a
  /// late worker's chunks are stored; searches drop them and ``HeldSweep`` removes them.
  package static let refusesLower = BackendCapabilities(rawValue: 2)
  /// One call reads one state. Without it ``Searcher`` asks twice, and again while the catalogue changes in between.
  package static let snapshotReads = BackendCapabilities(rawValue: 4)
  /// Ranks chunks by keywords. Without it a keyword search is refused and a hybrid one returns what the vectors find.
  package static let keywordSearch = BackendCapabilities(rawValue: 8)
  /// ``IndexBackend/counts(in:)`` is exact. Without it reports say "about".
  package static let exactCounts = BackendCapabilities(rawValue: 16)

  package static let all: BackendCapabilities = [
    .atomicShow, .refusesLower, .snapshotReads, .keywordSearch, .exactCounts,
  ]

  /// Whether searches of the back end itself return at most what was applied last. Otherwise the catalogue decides what is
  /// returned.
  package var showOnlyHeld: Bool { isSuperset(of: [.atomicShow, .refusesLower]) }
}
