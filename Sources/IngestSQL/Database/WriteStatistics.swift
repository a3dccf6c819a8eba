internal import Synchronization

/// Counts of the writer since the database was opened.
package struct WriteStatistics: Hashable, Sendable {
  /// Committed transactions.
  package var commits = 0
  /// Bodies in the committed transactions.
  package var members = 0
  /// Transactions that SQLite rolled back whole because of one body (disk full, I/O error).
  package var endedTransactions = 0
}

/// The writer's counters. When a body has returned, its caller sees counts that include it.
final class WriteCounts: Sendable {
  private let commits = Atomic(0)
  private let members = Atomic(0)
  private let endedTransactions = Atomic(0)

  func committed(members count: Int) {
    commits.add(1, ordering: .relaxed)
    members.add(count, ordering: .relaxed)
  }

  func ended() {
    endedTransactions.add(1, ordering: .relaxed)
  }

  var statistics: WriteStatistics {
    WriteStatistics(
      commits: commits.load(ordering: .relaxed), members: members.load(ordering: .relaxed),
      endedTransactions: endedTransactions.load(ordering: .relaxed))
  }
}
