import Glibc
import IngestSQL
import IngestTestKit
import Testing

/// Limits hold across real processes. The journal keeps the time of each start, as the granting transaction read the
/// boot clock, and an exact sliding window checks every start.
@Suite("Limits across processes", .serialized)
struct LimitTests {
  private struct Key {
    var source: String
    var limit: Int
    /// In milliseconds.
    var period: Int
    var burst: Int
    var atOnce: Int?
  }

  @Test(
    "no period has more starts than limit + burst: 4 processes, 20 keys, 10,000 jobs, with kills",
    .timeLimit(.minutes(15)))
  func neverExceeded() async throws {
    var keys = (0..<20).map { number in
      Key(
        source: "s\(number)", limit: [20, 60, 200, 45][number % 4], period: [250, 1000, 2000, 500][number % 4],
        burst: [0, 5, 40, 1][number / 4 % 4], atOnce: number.isMultiple(of: 5) ? 3 : nil)
    }
    keys[7].burst = 0
    var lines = "sources:\n"
    for key in keys {
      lines += "  \(key.source): {throttle: \(key.limit)/\(key.period)ms, burst: \(key.burst)"
      lines += (key.atOnce.map { ", concurrency: \($0)" } ?? "") + "}\n"
    }
    // Besides each source's own limit, all sources share one.
    lines += "limits:\n  - {throttle: 1500/s burst 20, per: index}\n"
    let site = try FlowSite(
      configuration: lines,
      workflows: ["touch": "name: touch\nsteps:\n  - {id: one, uses: noop}\n  - {id: two, uses: noop}\n"])
    for key in keys {
      let inbox = try site.inbox(key.source, documents: 500)
      let submitted = try await site.run("submit", inbox, "--source", key.source, "--workflow", "touch", "--quiet")
      #expect(submitted.status == 0, "\(submitted.error)")
    }

    var workers = try (0..<4).map { _ in try site.start("worker", "--concurrency", "16", "--quiet") }
    var random = SystemRandomNumberGenerator()
    var kills = 0
    while try await site.count("SELECT sum(queued) + sum(running) FROM sources") > 0 {
      try await Task.sleep(for: .milliseconds(Int.random(in: 200...600, using: &random)))
      let victim = Int.random(in: 0..<workers.count, using: &random)
      workers[victim].signal(SIGKILL)
      _ = try await workers[victim].wait()
      workers[victim] = try site.start("worker", "--concurrency", "16", "--quiet")
      kills += 1
    }
    for worker in workers { worker.signal(SIGTERM) }
    for worker in workers { _ = try await worker.wait() }

    let starts = try await site.read { db in
      try db.rows(
        """
        SELECT s.name, CAST(j.data AS INTEGER) FROM journal j JOIN jobs b ON b.key = j.job_key
          JOIN sources s ON s.key = b.source_key
        WHERE j.kind IN ('claimed', 'claimed-again') ORDER BY j.seq
        """
      ) { (source: $0.text(0), at: $0.int64(1)) }
    }
    #expect(starts.count >= 10_000)
    var closest = 1.0
    for key in keys {
      let own = starts.filter { $0.source == key.source }.map(\.at)
      #expect(own.count >= 500)
      #expect(own == own.sorted(), "the starts of \(key.source) are not in the order of their commits")
      let most = Self.most(own, in: Int64(key.period) * 1000)
      #expect(most <= key.limit + key.burst, "\(key.source): \(most) starts in \(key.period) ms")
      closest = min(closest, Double(most) / Double(key.limit + key.burst))
    }
    let shared = Self.most(starts.map(\.at), in: 1_000_000)
    #expect(shared <= 1520)
    for key in keys {
      guard let atOnce = key.atOnce else { continue }
      let most = try await mostAtOnce(site, source: key.source)
      #expect(most <= atOnce, "\(key.source): \(most) jobs ran at once")
    }
    let left = try await site.count("SELECT count(*) FROM slots")
    #expect(left == 0)
    print(
      "limits: \(starts.count) starts, \(kills) kills; the busiest period of each key reached at least \(Int(closest * 100)) %"
    )
  }

  /// Returns how many of a source's jobs ever ran at once, by the journal.
  private func mostAtOnce(_ site: FlowSite, source: String) async throws -> Int {
    let changes = try await site.read { db in
      try db.rows(
        """
        SELECT CASE WHEN kind IN ('claimed', 'claimed-again') THEN 1
          WHEN kind IN ('completed', 'released', 'reclaimed', 'retrying', 'died', 'cancelled', 'parked') THEN -1 ELSE 0 END
        FROM journal WHERE job_key IN (
          SELECT key FROM jobs WHERE source_key = (SELECT key FROM sources WHERE name = \(source))) ORDER BY seq
        """
      ) { $0.int(0) }
    }
    var (running, most) = (0, 0)
    for change in changes {
      running += change
      most = max(most, running)
    }
    return most
  }

  /// Returns the highest number of starts in any half-open period.
  private static func most(_ starts: [Int64], in period: Int64) -> Int {
    var most = 0
    var first = 0
    for (index, start) in starts.enumerated() {
      while starts[first] <= start - period { first += 1 }
      most = max(most, index - first + 1)
    }
    return most
  }
}
