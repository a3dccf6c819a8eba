/// What the writer has done since the database was opened.
package struct WriteStatistics: Hashable, Sendable {
  /// Transactions committed.
  package var commits = 0
  /// Bodies in them.
  package var members = 0
  /// Transactions that SQLite took back whole because of one body (disk full, I/O error).
  package var endedTransactions = 0
}
