import IngestCore
import IngestSQL

/// The effects of steps on the catalogue, applied in the transaction of their checkpoint.
extension Store {
  /// Reads the gate of the swap that a checkpoint carries, before the write transaction begins; nil if it carries none.
  func look(_ checkpoint: Checkpoint?) async throws -> Store.GateLook? {
    for case CatalogueEffect.swap(let index, let to, let from, let accepted) in checkpoint?.output.effects ?? [] {
      return try await lookAtGate(SwapRequest(index: index, to: to, from: from, acceptMissing: accepted, actor: ""))
    }
    return nil
  }
}

extension StepOutput {
  /// Whether it changes what a generation holds: a swap reads the journal lines of such outputs.
  var holds: Bool {
    effects.contains { if case CatalogueEffect.hold = $0 { true } else { false } }
  }
}

extension WriteTransaction {
  /// Applies a checkpoint's effects.
  /// - Throws: `EFFECT_UNKNOWN` for an effect that is not a ``CatalogueEffect``.
  func apply(_ effects: [any StepEffect], of job: JobRow, step: String, after look: Store.GateLook?) throws {
    for effect in effects {
      guard let effect = effect as? CatalogueEffect else { throw Failure.effectUnknown(effect, step: step) }
      try apply(effect, of: job, step: step, after: look)
    }
  }

  private func apply(
    _ effect: CatalogueEffect, of job: JobRow, step: String, after look: Store.GateLook?
  ) throws {
    switch effect {
    case .hold(_, _, _, let revision, let change, let chunks, let lost):
      guard let generation = job.generation else { throw Failure.noGeneration(job, step: step) }
      try hold(revision, change, chunks: chunks, lost: lost, of: job.document, in: generation)
    case .parsed(let content, let parser, let result, let references):
      _ = try db.run(
        """
        INSERT INTO parses (content_key, parser, result, created_at)
        SELECT key, \(parser), \(result), \(now.rawValue) FROM blobs WHERE hash = \(content.rawValue)
        ON CONFLICT (content_key, parser) DO UPDATE SET result = excluded.result
        """)
      // The new parse needs only its own parts.
      _ = try db.run(
        """
        DELETE FROM parse_blobs
        WHERE content_key = (SELECT key FROM blobs WHERE hash = \(content.rawValue)) AND parser = \(parser)
        """)
      for reference in references {
        _ = try db.run(
          """
          INSERT OR IGNORE INTO parse_blobs (blob_key, content_key, parser)
          SELECT b.key, c.key, \(parser) FROM blobs b, blobs c
          WHERE b.hash = \(reference.rawValue) AND c.hash = \(content.rawValue)
          """)
      }
    case .lost(let chunks):
      try bury(chunks, at: step, of: job)
    case .ready(_, let number):
      let changed = try db.run(
        """
        UPDATE generations SET state = 'ready', changed_at = \(now.rawValue)
        WHERE key = \(job.generation) AND state = 'building'
        """)
      if changed > 0 {
        try journal("ready", actor: "worker/\(job.worker ?? 0)", generation: job.generation, data: "\(number)")
      }
    case .swap(let index, let to, let from, let accepted):
      guard let look else { break }
      _ = try swap(
        SwapRequest(index: index, to: to, from: from, acceptMissing: accepted, actor: "worker/\(job.worker ?? 0)"),
        seen: look)
    }
  }
}

extension Failure {
  fileprivate static func noGeneration(_ job: JobRow, step: String) -> Failure {
    Failure(
      .permanent, code: "JOB_WITHOUT_INDEX", "Step '\(step)' writes to an index, but job \(job.id) belongs to none.",
      hint: "Submit the document: \(Action(.submit)).")
  }

  fileprivate static func effectUnknown(_ effect: any StepEffect, step: String) -> Failure {
    Failure(
      .permanent, code: "EFFECT_UNKNOWN",
      "Step '\(step)' asks for a change that this store does not know: \(type(of: effect)).",
      hint: "Run a worker of the version that the step was written for.")
  }
}
