import IngestCore
import IngestSQL

/// The log that steps write for people.
extension WriteTransaction {
  /// How many bytes of the log of one attempt are kept: the last ones.
  private static let logLimit = 64 * 1024
  /// How many bytes a row counts in addition to its text, so that the number of short rows is bounded too.
  private static let rowCost = 64

  /// Stores log lines of the current attempt, and deletes the oldest lines of that attempt beyond the limit.
  func log(_ lines: [String], of job: JobRow, step: String, position: Int) throws {
    guard !lines.isEmpty else { return }
    var text = lines.joined(separator: "\n")
    if text.utf8.count > Self.logLimit - Self.rowCost {
      text = String(decoding: text.utf8.suffix(Self.logLimit - Self.rowCost), as: UTF8.self)
    }
    let attempt =
      try db.first("SELECT attempts + 1 FROM steps WHERE job_key = \(job.key) AND position = \(position)") {
        $0.int(0)
      } ?? 1
    _ = try db.run(
      """
      INSERT INTO logs (job_key, step, attempt, at, text)
      VALUES (\(job.key), \(step), \(attempt), \(now.rawValue), \(text))
      """)
    _ = try db.run(
      """
      DELETE FROM logs WHERE key IN (
        SELECT key FROM (
          SELECT key, sum(length(CAST(text AS BLOB)) + \(Self.rowCost)) OVER (ORDER BY key DESC) AS size FROM logs
          WHERE job_key = \(job.key) AND step = \(step) AND attempt = \(attempt))
        WHERE size > \(Self.logLimit))
      """)
  }
}
