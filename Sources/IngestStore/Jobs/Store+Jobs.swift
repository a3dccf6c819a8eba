package import IngestCore
import IngestSQL

/// Actions of people on single jobs.
extension Store {
  package func resolveJob(_ text: String) async throws -> JobID {
    let wanted = text.uppercased()
    guard wanted.count >= 4, wanted.utf8.allSatisfy({ $0 < 0x80 }) else { throw Failure.jobNotFound(text) }
    let matches = try await read { db in
      try db.rows(
        "SELECT id FROM jobs WHERE id >= \(wanted) AND id < \(wanted + "~") ORDER BY id LIMIT 2"
      ) { JobID(rawValue: $0.text(0)) }
    }
    switch matches.count {
    case 1: return matches[0]
    case 0: throw Failure.jobNotFound(text)
    default:
      throw Failure(
        .permanent, code: "JOB_AMBIGUOUS", "More than one job begins with '\(text)'.",
        hint: "Give more characters of the id; \(Action(.jobList)) shows whole ids.", category: .invalid)
    }
  }

  package func cancel(_ id: JobID, actor: String) async throws -> JobState {
    let state: JobState = try await write { transaction in
      guard let job = try transaction.job(id) else { throw Failure.jobNotFound(id.rawValue) }
      var taken = BulkReservations()
      var decision = try transaction.db.verdict(.cancel, job, taken: &taken)
      try transaction.carryOut(&decision, job, due: nil, actor: actor)
      switch decision.verdict {
      case .cancelled: return .cancelled
      case .stopping: return .running
      case .due, .redriven, .superseded, .replayed, .purged, .refused: return job.state
      }
    }
    // Ends its children too, in short transactions. If this process dies before it is done, the workers do the rest.
    while state == .cancelled, try await write({ try $0.endChildren() }) {}
    return state
  }

  package func retry(_ id: JobID, actor: String) async throws -> JobState {
    try await write { transaction in
      guard let job = try transaction.job(id) else { throw Failure.jobNotFound(id.rawValue) }
      var taken = BulkReservations()
      var decision = try transaction.db.verdict(.retry, job, taken: &taken)
      if let refusal = decision.refusal { throw refusal }
      try transaction.carryOut(&decision, job, due: nil, actor: actor)
      return .queued
    }
  }
}

extension Failure {
  static func jobNotFound(_ text: String) -> Failure {
    Failure(
      .permanent, code: "JOB_NOT_FOUND", "There is no job '\(text)'.",
      hint:
        "\(Action(.jobList)) lists the newest jobs; the first four or more characters of an id suffice if unique.",
      category: .notFound, reason: .jobNotFound)
  }
}
