import IngestCore
import IngestSQL

/// Chunks that were lost although their document was not. Each is a dead letter of its own.
extension WriteTransaction {
  /// Stores lost chunks with the checkpoint of the step that lost them, and marks the job as degraded.
  func bury(_ chunks: [LostChunk], at step: String, of job: JobRow) throws {
    guard !chunks.isEmpty else { return }
    for chunk in chunks {
      _ = try db.run(
        """
        INSERT INTO dead_chunks (id, job_key, step, ordinal, page, starts_at, ends_at, error, died_at)
        VALUES (\(identifiers.next(ChunkTag.self).rawValue), \(job.key), \(step), \(chunk.ordinal),
          \(chunk.page), \(chunk.start), \(chunk.end), \(JSONText.encode(chunk.failure)), \(now.rawValue))
        ON CONFLICT (job_key, ordinal) DO UPDATE SET step = excluded.step, error = excluded.error,
          died_at = excluded.died_at
        """)
    }
    _ = try db.run("UPDATE jobs SET degraded = 1 WHERE key = \(job.key)")
    try journal("chunks-lost", actor: "worker/\(job.worker ?? 0)", job: job.key, data: "\(chunks.count)")
  }
}

private enum ChunkTag {}
