/// The guarantees of a back end beyond storing and finding chunks. Each flag says how the layer above makes up for its
/// absence.
package struct BackendCapabilities: OptionSet, Sendable, Hashable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// A write replaces a document's old revision by the new one in one step. Without it, ``Searcher`` drops hits of
  /// revisions that the catalogue does not hold, and lower revisions are removed once the catalogue holds the new one.
  package static let atomicShow = BackendCapabilities(rawValue: 1)
  /// A write of a lower revision than the applied one changes nothing and returns ``WriteResult/stale(held:)``. Without
  /// it, a late worker's chunks are stored; searches drop them and ``HeldSweep`` removes them.
  package static let refusesLower = BackendCapabilities(rawValue: 2)
  /// One call reads one state. Without it, ``Searcher`` queries twice, and again while the catalogue changes in
  /// between.
  package static let snapshotReads = BackendCapabilities(rawValue: 4)
  /// The back end ranks chunks by keywords. Without it, a keyword search is refused, and a hybrid one returns only the
  /// nearest vectors.
  package static let keywordSearch = BackendCapabilities(rawValue: 8)
  /// ``IndexBackend/counts(in:)`` is exact. Without it, reports say "about".
  package static let exactCounts = BackendCapabilities(rawValue: 16)

  package static let all: BackendCapabilities = [
    .atomicShow, .refusesLower, .snapshotReads, .keywordSearch, .exactCounts,
  ]

  /// Whether the back end's own searches return only the last applied revision. If not, the catalogue decides which
  /// hits are returned.
  package var showOnlyHeld: Bool { isSuperset(of: [.atomicShow, .refusesLower]) }
}
