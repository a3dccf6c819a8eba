import IngestCore
import Testing

@Suite("Token buckets")
struct TokenBucketTests {
  /// Returns grants as (time, weight). It asks again at the times that the bucket names, so it is as fast as the bucket
  /// allows.
  private func greedy(_ spec: RateSpec, from start: Int64, grants: Int) -> [Int64] {
    var bucket = TokenBucket(spec)
    var now = start
    var starts: [Int64] = []
    while starts.count < grants {
      switch bucket.take(at: now) {
      case .granted(let state):
        bucket.state = state
        starts.append(now)
      case .wait(let wait): now += wait.microseconds
      case .tooLarge: Issue.record("one start is never too large")
      }
    }
    return starts
  }

  /// Returns the highest number of starts in a half-open period. Only periods that begin at a start need to be checked.
  private func fullest(_ starts: [(at: Int64, count: Int)], _ period: Int64) -> Int {
    var (most, sum, first) = (0, 0, 0)
    for (at, count) in starts {
      sum += count
      while starts[first].at <= at - period {
        sum -= starts[first].count
        first += 1
      }
      most = max(most, sum)
    }
    return most
  }

  @Test(
    "no half-open period has more than limit + burst starts, and the fullest has exactly that many",
    arguments: [
      "1/s", "7/s", "60/m", "60/m burst 10", "1/s burst 1", "3/s burst 2", "999983/s", "1000000/s", "600000/s",
      "1000000/s burst 500", "13/7ms", "1/30d", "17/30d burst 3", "100/s burst 100", "1/s burst 50",
    ])
  func exactBound(_ text: String) throws {
    let spec = try RateSpec(text)
    let grants = min(3 * (spec.limit + spec.burst) + 3, 30_000)
    let starts = greedy(spec, from: 1_000_003, grants: grants)
    let period = spec.period.microseconds
    let most = fullest(starts.map { ($0, 1) }, period)
    if grants > spec.limit + spec.burst {
      #expect(most == spec.limit + spec.burst)
    } else {
      // There are too many starts to check a whole period: their pace is checked instead, without any drift.
      #expect(most <= spec.limit + spec.burst)
    }
    let paced = Int128(grants - 1 - spec.burst) * Int128(period)
    let exact = paced / Int128(spec.limit)
    #expect(Int128(starts[grants - 1] - starts[0]) == exact, "the last start is where the rate puts it")
  }

  @Test("with burst 0 starts are evenly spaced")
  func even() throws {
    let starts = greedy(try RateSpec("4/s"), from: 10, grants: 9)
    #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 == 250_000 })
  }

  /// A bucket that fills continuously, in exact fractions. It is computed without arrival times, so it can check the
  /// real one.
  private struct ContinuousBucket {
    let limit: Int128
    let period: Int128
    let capacity: Int128
    var level: Int128
    var at: Int64 = 0

    init(_ spec: RateSpec) {
      limit = Int128(spec.limit)
      period = Int128(spec.period.microseconds)
      capacity = Int128(spec.burst + 1) * period
      level = capacity
    }

    mutating func take(_ count: Int, at now: Int64) -> Bool {
      // It may overfill by what flows in within the microsecond that the clock rounds away.
      level = min(capacity + limit - 1, level + Int128(now - at) * limit)
      at = now
      let heavy = Int128(count) * period > capacity
      guard heavy ? level >= capacity : level >= Int128(count) * period else { return false }
      level -= Int128(count) * period
      return true
    }
  }

  @Test("a token bucket decides as a continuously filled bucket does, for every seed", arguments: UInt64(0)..<60)
  func continuous(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let period = [1000, 1_000_000, 60_000_000, 2_592_000_000_000].randomElement(using: &random) ?? 1
    let limit = [1, 2, 7, 60, 1000, 1_000_000].randomElement(using: &random) ?? 1
    let burst = seed % 3 == 0 ? 0 : Int.random(in: 0...max(1, limit / 2), using: &random)
    let spec = try RateSpec(limit: limit, period: .microseconds(period), burst: burst)
    var bucket = TokenBucket(spec)
    var model = ContinuousBucket(spec)
    var now: Int64 = 5
    var starts: [(at: Int64, count: Int)] = []
    var heaviest = 1
    for _ in 0..<1500 {
      let most = limit + burst
      let count = seed % 2 == 0 ? 1 : Int.random(in: 1...min(most, max(1, (burst + 1) * 2)), using: &random)
      let expected = model.take(count, at: now)
      switch bucket.take(count, at: now) {
      case .granted(let state):
        #expect(expected, "granted \(count) at \(now)")
        bucket.state = state
        starts.append((now, count))
        heaviest = max(heaviest, count)
        now +=
          Int64.random(in: 0...2 * Int64(period) / Int64(limit) + 1, using: &random)
          * (Bool.random(using: &random) ? 1 : 0)
      case .wait(let wait):
        #expect(!expected, "refused \(count) at \(now)")
        // Not granted a microsecond before the named time, and certainly granted at it.
        let then = now + wait.microseconds
        if wait > .microseconds(1), case .granted = bucket.take(count, at: then - 1) { Issue.record("granted early") }
        guard case .granted = bucket.take(count, at: then) else {
          Issue.record("not granted at the named time")
          return
        }
        now += Bool.random(using: &random) ? wait.microseconds : Int64.random(in: 0...wait.microseconds, using: &random)
      case .tooLarge: Issue.record("a period allows \(most)")
      }
    }
    #expect(fullest(starts, Int64(period)) <= limit + max(burst, heaviest - 1))
  }

  @Test("a take that no period allows is refused at once, with the largest possible take")
  func tooLarge() throws {
    let bucket = TokenBucket(try RateSpec("100/m burst 20"))
    #expect(bucket.take(121, at: 0) == .tooLarge(most: 120))
    guard case .granted(let state) = bucket.take(120, at: 0) else {
      Issue.record("a full bucket grants it")
      return
    }
    #expect(TokenBucket(bucket.spec, state: state).available(at: 0) == -99)
    #expect(bucket.take(0, at: 0) == .granted(bucket.state))
    #expect(bucket.take(-5, at: 0) == .granted(bucket.state))
  }

  @Test("with slack the bound also holds for starts that happen later than their grants", arguments: UInt64(0)..<20)
  func slack(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let spec = try RateSpec(limit: 20, period: .milliseconds(100), burst: Int(seed % 4))
    var bucket = TokenBucket(spec)
    var now: Int64 = 0
    var starts: [(at: Int64, count: Int)] = []
    while starts.count < 400 {
      switch bucket.take(at: now, slack: .microseconds(700)) {
      case .granted(let state):
        bucket.state = state
        starts.append((now + Int64.random(in: 0...700, using: &random), 1))
      case .wait(let wait): now += wait.microseconds
      case .tooLarge: return
      }
    }
    #expect(fullest(starts.sorted { $0.at < $1.at }, 100_000) <= spec.limit + spec.burst)
  }

  @Test("a clock that is slightly behind frees nothing and does not trap")
  func behind() throws {
    var bucket = TokenBucket(try RateSpec("1/s"))
    guard case .granted(let state) = bucket.take(at: 5_000_000) else { return }
    bucket.state = state
    #expect(bucket.take(at: 4_999_990) == .wait(.seconds(1)))
    #expect(bucket.take(at: 0) == .wait(.seconds(1)))
    #expect(bucket.take(at: Int64.max / 8) != .wait(.zero))
  }

  @Test("several limits are taken all or none, and the refusal names the longest wait and its limit")
  func joint() throws {
    var fast = TokenBucket(try RateSpec("10/s"))
    var slow = TokenBucket(try RateSpec("1/m"))
    guard case .granted(let states) = TokenBucket.take([(fast, 1), (slow, 1)], at: 0) else {
      Issue.record("both are full")
      return
    }
    (fast.state, slow.state) = (states[0], states[1])
    #expect(TokenBucket.take([(fast, 1), (slow, 1)], at: 50_000) == .wait(.microseconds(59_950_000), bucket: 1))
    #expect(fast.available(at: 100_000) == 1, "the one that had room was not charged")
    #expect(TokenBucket.take([(fast, 1), (slow, 2)], at: 0) == .tooLarge(most: 1, bucket: 1))
    #expect(TokenBucket.take([], at: 0) == .granted([]))
  }
}
