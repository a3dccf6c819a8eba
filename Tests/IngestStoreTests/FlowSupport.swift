import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit

extension Limit {
  static func throttle(
    _ spec: String, per key: LimitKey = .source, counting unit: Limit.Unit = .jobs, source: String = "",
    origin: Origin = .live
  ) throws -> Limit {
    try Limit(.init(.throttle, spec), per: key, counting: unit, scope: .init(source: source), origin: origin)
  }

  static func concurrency(
    _ most: Int, per key: LimitKey = .source, source: String = "", origin: Origin = .live
  ) throws -> Limit {
    try Limit(.init(.concurrency, "\(most)"), per: key, scope: .init(source: source), origin: origin)
  }

  static func rateLimit(_ spec: String, per key: LimitKey = .source) throws -> Limit {
    try Limit(.init(.rateLimit, spec), per: key, origin: .live)
  }
}

extension Limit.ID {
  static func throttle(per key: LimitKey = .source, source: String = "") -> Limit.ID {
    Limit.ID(.throttle, per: key, scope: .init(source: source))
  }
}

extension StoreFixture {
  func limit(_ limits: Limit...) async throws {
    try await store.setLimits(limits.map { .set($0) }, actor: "test")
  }

  /// Submits `count` documents.
  func submit(_ count: Int, source: String = "default", meta: [String: String] = [:], from first: Int = 0) async throws
  {
    for number in first..<first + count {
      var request = StoreFixture.request("/\(source)/\(number)", "text \(number)", source: source)
      request.meta = meta
      _ = try await store.submit(request)
    }
  }

  /// Returns the uri of a claimed job's document.
  func uri(_ job: ClaimedJob) throws -> String { try TestJSON.decode(DocumentTask.self, job.task).uri }

  /// Returns the times of the recorded starts of a source's jobs, in microseconds of the boot clock.
  func starts(of source: String) async throws -> [Int64] {
    try await database.read { db in
      try db.rows(
        """
        SELECT CAST(data AS INTEGER) FROM journal j JOIN jobs b ON b.key = j.job_key
        WHERE kind IN ('claimed', 'claimed-again')
          AND b.source_key = (SELECT key FROM sources WHERE name = \(source)) ORDER BY seq
        """
      ) { $0.int64(0) }
    }
  }

  /// Advances the clock and completes jobs until there has been nothing to claim for a while. Returns the started jobs
  /// in order.
  func drain(_ worker: WorkerID, limit: Int = 8, rounds: Int = 2000) async throws -> [ClaimedJob] {
    var started: [ClaimedJob] = []
    for _ in 0..<rounds {
      let claim = try await store.claim(
        ClaimRequest(worker: worker, limit: limit, scope: WorkScope(), lease: .seconds(30), idle: true))
      for job in claim.jobs { try await finish(job) }
      started += claim.jobs
      guard claim.jobs.isEmpty else { continue }
      guard let next = claim.nextDue else { return started }
      clock.advance(by: max(next, .microseconds(1)))
    }
    return started
  }
}

/// Returns the highest number of starts in any half-open period of this length.
func most(_ starts: [Int64], in period: Duration) -> Int {
  var most = 0
  var first = 0
  for (index, start) in starts.enumerated() {
    while starts[first] <= start - period.microseconds { first += 1 }
    most = max(most, index - first + 1)
  }
  return most
}
