import IngestCore

/// What the submits of one transaction have in common, looked up once; and the jobs that they made ready, counted once.
final class SubmitMemo {
  struct Lane: Hashable {
    var source: Int64
    var generation: Int64
  }

  var indexes: [String: Int64] = [:]
  var sources: [String: Int64] = [:]
  var workflows: [ContentHash: Int64] = [:]
  /// The open generations of an index.
  var generations: [Int64: [(key: Int64, number: Int, isLive: Bool)]] = [:]
  var lanes: [Lane: Int64] = [:]
  /// By lane: its source, and how many new jobs are ready and not yet counted.
  var ready: [Int64: (source: Int64, count: Int)] = [:]
}

extension Transition {
  /// Brings the counters up to date; before anything that reads or lowers them, and at the end.
  func flush(_ memo: SubmitMemo) throws {
    for (lane, pending) in memo.ready {
      try ready(source: pending.source, lane: lane, by: pending.count, queued: pending.count)
    }
    memo.ready = [:]
  }
}
