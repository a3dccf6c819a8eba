internal import IngestCore
internal import IngestIndex

/// One thing to do to a generation, small enough to share a transaction.
enum IndexChange: Sendable {
  /// The whole of a small document.
  case write(DocumentHeader, PreparedChunks)
  /// A run of chunks that stays hidden.
  case stage(DocumentHeader, PreparedChunks)
  /// Shows what is staged.
  case publish(DocumentHeader, chunks: Int)
  /// A tombstone.
  case remove(DocumentID, revision: Int)
  /// Removes up to a slice of the revisions below the one held.
  case sweep(DocumentID)
  /// Removes up to a slice of these revisions.
  case purge(DocumentID, ClosedRange<Int>)
  /// Removes up to a slice of a revision that is staged.
  case discard(DocumentID, revision: Int)

  /// What it costs, in chunks.
  var weight: Int {
    switch self {
    case .write(_, let chunks), .stage(_, let chunks): max(1, 2 * chunks.count)
    case .publish, .remove, .sweep, .purge, .discard: IndexChange.slice
    }
  }

  /// Chunks that one transaction touches for one document: 10 ms of work at the most, and a tenth of that as a rule.
  static let slice = 64

  struct Outcome: Sendable {
    var result: WriteResult
    /// Chunks of lower revisions are still there: sweep.
    var more = false
  }
}
