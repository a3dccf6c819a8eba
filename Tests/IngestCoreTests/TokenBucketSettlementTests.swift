import IngestCore
import Testing

@Suite("Token buckets: settling, providers, reboots")
struct TokenBucketSettlementTests {
  private func taken(_ bucket: TokenBucket, _ count: Int = 1, at now: Int64) -> TokenBucket? {
    guard case .granted(let state) = bucket.take(count, at: now) else { return nil }
    return TokenBucket(bucket.spec, state: state)
  }

  @Test("charging later has the same effect as taking immediately")
  func charge() throws {
    let fresh = TokenBucket(try RateSpec("100/s burst 49"))
    let estimated = try #require(taken(fresh, 10, at: 1_000_000))
    let whole = try #require(taken(fresh, 30, at: 1_000_000))
    let settled = estimated.settled(estimated: 10, actual: 30, left: true, takenAt: 1_000_000, at: 1_150_000)
    #expect(TokenBucket(fresh.spec, state: settled).available(at: 1_150_000) == whole.available(at: 1_150_000))
    // The estimate has long been paid off when the correction arrives, so nothing is owed.
    let late = estimated.charged(20, at: 60_000_000)
    #expect(TokenBucket(fresh.spec, state: late).available(at: 60_000_000) == 50)
    // An absurd number from a provider costs one period's worth.
    let absurd = TokenBucket(fresh.spec, state: estimated.charged(.max, at: 1_000_000))
    guard case .wait(let wait) = absurd.take(at: 1_000_000) else { return }
    #expect(wait <= .seconds(2))
  }

  @Test("units come back only if the call was never sent; using less than estimated returns nothing")
  func refund() throws {
    let fresh = TokenBucket(try RateSpec("100/s burst 49"))
    let bucket = try #require(taken(fresh, 50, at: 0))
    let spent = bucket.settled(estimated: 50, actual: 10, left: true, takenAt: 0, at: 0)
    #expect(spent == bucket.state)
    let back = bucket.settled(estimated: 50, actual: 0, left: false, takenAt: 0, at: 0)
    #expect(TokenBucket(fresh.spec, state: back).available(at: 0) == 50)
    let future = bucket.refunded(50, takenAt: 10, at: 5)
    #expect(future == bucket.state, "a take of another boot gives nothing back")
  }

  @Test("with refunds and charges the bound still holds for what was really used", arguments: UInt64(0)..<60)
  func refundBound(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let (limit, burst, period) = (20, Int(seed % 30), Int64(1_000_000))
    var bucket = TokenBucket(try RateSpec(limit: limit, period: .microseconds(period), burst: burst))
    var now: Int64 = 0
    var used: [(at: Int64, count: Int)] = []
    var open: [(at: Int64, count: Int)] = []
    for _ in 0..<800 {
      let count = Int.random(in: 1...burst + 1, using: &random)
      if case .granted(let state) = bucket.take(count, at: now) {
        bucket.state = state
        if Bool.random(using: &random) { used.append((now, count)) } else { open.append((now, count)) }
      }
      now += Int64.random(in: 0...200_000, using: &random) * (Bool.random(using: &random) ? 1 : 0)
      if Bool.random(using: &random), let index = open.indices.randomElement(using: &random) {
        let (at, count) = open.remove(at: index)
        bucket.state = bucket.refunded(count, takenAt: at, at: now)
      }
    }
    let starts = used.sorted { $0.at < $1.at }
    for first in starts {
      let window = starts.filter { $0.at >= first.at && $0.at < first.at + period }
      #expect(window.reduce(0) { $0 + $1.count } <= limit + burst)
    }
  }

  @Test("Retry-After holds all calls until its time, and a shorter one never shortens it")
  func hold() throws {
    var bucket = TokenBucket(try RateSpec("10/s burst 5"))
    bucket.state = bucket.held(until: 30_000_000, at: 1_000_000)
    bucket.state = bucket.held(until: 5_000_000, at: 1_000_000)
    #expect(bucket.take(at: 2_000_000) == .wait(.seconds(28)))
    #expect(bucket.available(at: 2_000_000) == 0)
    let after = try #require(taken(bucket, 6, at: 30_000_000))
    #expect(after.state.heldUntil == nil)
  }

  @Test(
    "a provider's lower limit holds exactly until its time, and our limit always", arguments: [1, 3, 10, 12, 14, 99])
  func lowered(_ limit: Int) throws {
    var bucket = TokenBucket(try RateSpec("10/s burst 5"))
    bucket.state = bucket.lowered(to: limit, until: 20_000_000, at: 0)
    var now: Int64 = 0
    var starts: [Int64] = []
    while now < 40_000_000 {
      switch bucket.take(at: now) {
      case .granted(let state):
        bucket.state = state
        starts.append(now)
      case .wait(let wait): now += wait.microseconds
      case .tooLarge: return
      }
    }
    for first in starts {
      let window = starts.filter { $0 >= first && $0 < first + 1_000_000 }
      #expect(window.count <= 15)
      if first + 1_000_000 <= 20_000_000 { #expect(window.count <= limit) }
    }
    let during = starts.filter { $0 < 20_000_000 }.count
    #expect(during >= min(limit, 10) * 20)
    #expect(starts.count - during >= 200 && bucket.state.lowered == nil)
  }

  @Test("a provider's limit of zero is a hold, and its remainder replaces ours only if it is lower")
  func remaining() throws {
    var bucket = TokenBucket(try RateSpec("60/m burst 59"))
    #expect(
      TokenBucket(bucket.spec, state: bucket.lowered(to: 0, until: 9, at: 1)).take(at: 1) == .wait(.microseconds(8)))
    bucket.state = bucket.leaving(7, at: 1_000_000)
    #expect(bucket.available(at: 1_000_000) == 7)
    bucket.state = bucket.leaving(50, at: 1_000_000)
    #expect(bucket.available(at: 1_000_000) == 7, "it never adds units")
    bucket.state = bucket.leaving(-3, at: 1_000_000)
    #expect(bucket.available(at: 1_000_000) == 0)
    #expect(bucket.available(at: 3_000_000) == 2)
  }

  @Test("after a reboot the rest of a wait is still waited", arguments: [0, 7, 90_000_000, 1 << 50] as [Int64])
  func reboot(_ uptime: Int64) throws {
    let full = TokenBucket(try RateSpec("1/4h"))
    let before = try #require(taken(full, at: 50_000_000))
    let after = TokenBucket(full.spec, state: before.state.resumed(at: uptime))
    #expect(after.take(at: uptime) == .wait(.seconds(14_400)))
    #expect(after.take(at: uptime + 14_399_999_999) == .wait(.microseconds(1)))
    #expect(taken(after, at: uptime + 14_400_000_000) != nil)
    var held = before
    held.state = held.held(until: 60_000_000_000, at: 50_000_000)
    held.state = held.lowered(to: 1, until: 50_000_100, at: 50_000_000)
    let resumed = held.state.resumed(at: uptime)
    #expect(resumed.heldUntil == uptime + 59_950_000_000)
    #expect(resumed.lowered?.until == uptime + 100)
  }

  @Test("a changed limit keeps what is owed in its units, at most an empty bucket")
  func change() throws {
    let empty = try #require(taken(TokenBucket(try RateSpec("60/m burst 9")), 10, at: 0))
    #expect(TokenBucket(try RateSpec("600/m burst 9"), state: empty.state).take(at: 0) == .wait(.milliseconds(100)))
    #expect(TokenBucket(try RateSpec("6/m burst 0"), state: empty.state).take(at: 0) == .wait(.seconds(10)))
    #expect(TokenBucket(try RateSpec("60/m burst 19"), state: empty.state).available(at: 0) == 10)
    #expect(TokenBucket(try RateSpec("1/366d"), state: empty.state).take(at: 0) == .wait(.seconds(366 * 86_400)))
  }
}
