/// The counts of what one pass of retention removed.
package struct PruneReport: Hashable, Sendable {
  package var jobs = 0
  package var idempotencyKeys = 0
  /// Lines of the journal.
  package var journal = 0
  package var lanes = 0
  package var gates = 0
  /// Pages that were given back to the file system.
  package var pages = 0
  package var slices = 0
  /// The duration of the longest transaction, from the start of its body to the end of its commit.
  package var longest: Duration = .zero

  package init() {}
}
