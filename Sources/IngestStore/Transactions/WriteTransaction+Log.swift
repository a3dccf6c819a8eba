import IngestCore
import IngestSQL

/// What steps write for people.
extension WriteTransaction {
  /// Bytes that are kept of one try of a step: its last ones.
  private static let logLimit = 64 * 1024
  /// What a row counts beside its text, so that many short ones are bounded too.
  private static let rowCost = 64

  /// Keeps lines of the try that is under way, and lets the oldest of that try go where they are too many.
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
