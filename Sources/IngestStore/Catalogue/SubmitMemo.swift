import IngestCore

/// Keys that the submits of one transaction share, read once; and the counts of the jobs that they made ready, written
/// once.
final class SubmitMemo {
  struct Lane: Hashable {
    var source: Int64
    var generation: Int64?
    var workflow: Int64
    var gates: String
  }

  var indexes: [String: Int64] = [:]
  var sources: [String: Int64] = [:]
  var workflows: [ContentHash: Int64] = [:]
  /// The open generations of an index.
  var generations: [Int64: [(key: Int64, number: Int, isLive: Bool)]] = [:]
  var lanes: [Lane: Int64] = [:]
  /// The job keys (`document`, `tenant`, `meta.NAME`) that limits count by.
  var ownKeys: [LimitKey]?
  /// By lane: its source, how many new jobs are ready and not yet counted, and the lowest rank among them.
  var ready: [Int64: (source: Int64, count: Int, rank: Int64)] = [:]
}

extension WriteTransaction {
  /// Brings the counters up to date. Call it before anything that reads or lowers them, and at the end.
  func flush(_ memo: SubmitMemo) throws {
    for (lane, pending) in memo.ready.sorted(by: { $0.key < $1.key }) {
      try ready(
        source: pending.source, lane: lane, by: pending.count, rank: pending.rank, queued: pending.count)
    }
    memo.ready = [:]
  }
}
