internal import IngestCore
internal import IngestIndex

/// One change to a generation, small enough to share a transaction.
enum IndexChange: Sendable {
  /// Writes a small document as a whole.
  case write(DocumentHeader, PreparedChunks)
  /// Stores a run of chunks that stays hidden.
  case stage(DocumentHeader, PreparedChunks)
  /// Makes the staged chunks visible.
  case publish(DocumentHeader, chunks: Int)
  /// Writes a tombstone.
  case remove(DocumentID, revision: Int)
  /// Removes up to a slice of chunks of the revisions below the held one.
  case sweep(DocumentID)
  /// Removes up to a slice of chunks of these revisions.
  case purge(DocumentID, ClosedRange<Int>)
  /// Removes up to a slice of chunks of a staged revision.
  case discard(DocumentID, revision: Int)

  /// The cost of the change, in chunks.
  var weight: Int {
    switch self {
    case .write(_, let chunks), .stage(_, let chunks): max(1, 2 * chunks.count)
    case .publish, .remove, .sweep, .purge, .discard: IndexChange.slice
    }
  }

  /// Number of chunks that one transaction changes for one document: at most 10 ms of work, and usually a tenth of
  /// that.
  static let slice = 64

  struct Outcome: Sendable {
    var result: WriteResult
    /// Whether chunks of lower revisions remain. The caller then sweeps.
    var more = false
  }
}
