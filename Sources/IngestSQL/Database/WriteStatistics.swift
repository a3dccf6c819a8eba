internal import Synchronization

/// What the writer has done since the database was opened.
package struct WriteStatistics: Hashable, Sendable {
  /// Transactions committed.
  package var commits = 0
  /// Bodies in them.
  package var members = 0
  /// Transactions that SQLite took back whole because of one body (disk full, I/O error).
  package var endedTransactions = 0
}

/// Where the writer counts: what a body's caller reads once the body has returned includes that body.
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
