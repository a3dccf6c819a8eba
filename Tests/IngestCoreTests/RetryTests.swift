import IngestCore
import Testing

@Suite("Retries")
struct RetryTests {
  @Test("by default a step is tried 8 times, waiting 1 s, doubled to at most 5 min, with full jitter")
  func defaults() {
    let policy = RetryPolicy()
    #expect(policy.attempts == 8)
    #expect(policy.jitter == .full)
    let waits = (1...10).map { RetryPolicy(jitter: RetryPolicy.Jitter.none).delay(afterAttempt: $0, fraction: 0) }
    #expect(waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300].map { .seconds($0) })
  }

  @Test("full jitter draws between zero and the computed wait", arguments: [0, 0.25, 0.5, 0.999_999])
  func jitter(_ fraction: Double) {
    let wait = RetryPolicy().delay(afterAttempt: 4, fraction: fraction)
    #expect(wait == .microseconds(Int64(8_000_000 * fraction)))
    #expect(wait >= .zero && wait < .seconds(8))
  }

  @Test("a million attempts, huge factors and endless waits stay within the longest wait")
  func overflow() {
    for jitter in RetryPolicy.Jitter.allCases {
      let steep = RetryPolicy(factor: 1e300, jitter: jitter)
      #expect(steep.delay(afterAttempt: 1_000_000, fraction: 0.999) <= .seconds(300))
      let flat = RetryPolicy(factor: 1, jitter: jitter)
      #expect(flat.delay(afterAttempt: 1_000_000, fraction: 0.999) <= .seconds(1))
      let endless = RetryPolicy(first: .seconds(Int64.max), maximum: .seconds(Int64.max), jitter: jitter)
      #expect(endless.delay(afterAttempt: 1_000_000, fraction: 0.999) > .seconds(1_000_000))
    }
    let short = RetryPolicy(first: .seconds(600), maximum: .seconds(5), jitter: RetryPolicy.Jitter.none)
    #expect(short.delay(afterAttempt: 1, fraction: 0) == .seconds(5))
  }

  @Test(
    "each kind of failure has one fixed outcome",
    arguments: [
      (.transient, nil, 1, .retry(after: .milliseconds(500), spends: true, reason: .retrying)),
      (.transient, 7, 1, .retry(after: .seconds(7), spends: true, reason: .retrying)),
      (.transient, nil, 7, .retry(after: .seconds(32), spends: true, reason: .retrying)),
      (.transient, nil, 8, .dead), (.transient, 7, 8, .dead), (.transient, nil, 9, .dead),
      (.throttled, nil, 1, .retry(after: .seconds(1), spends: false, reason: .throttled)),
      (.throttled, 7, 99, .retry(after: .seconds(7), spends: false, reason: .throttled)),
      (.unavailable, nil, 99, .retry(after: .seconds(30), spends: false, reason: .breakerOpen)),
      (.unavailable, 7, 1, .retry(after: .seconds(7), spends: false, reason: .breakerOpen)),
      (.exhausted, nil, 99, .retry(after: .seconds(900), spends: false, reason: .exhausted)),
      (.exhausted, 7, 1, .retry(after: .seconds(7), spends: false, reason: .exhausted)),
      (.permanent, nil, 1, .dead), (.permanent, 7, 1, .dead),
      (.poison, nil, 1, .retry(after: .milliseconds(500), spends: true, reason: .retrying)), (.poison, nil, 8, .dead),
      (.cancelled, nil, 1, .cancelled), (.cancelled, nil, 99, .cancelled),
    ] as [(Failure.Kind, Int?, Int, RetryDecision)])
  func decisions(_ kind: Failure.Kind, _ retryAfter: Int?, _ attempt: Int, _ decision: RetryDecision) {
    let failure = Failure(kind, code: "C", "M.", retryAfter: retryAfter.map { .seconds($0) })
    #expect(RetryDecision.decide(failure, attempt: attempt, policy: RetryPolicy(), fraction: 0.5) == decision)
  }

  @Test("a policy of one attempt never retries")
  func single() {
    let failure = Failure(.transient, code: "C", "M.")
    #expect(RetryDecision.decide(failure, attempt: 1, policy: RetryPolicy(attempts: 1), fraction: 0) == .dead)
  }
}
