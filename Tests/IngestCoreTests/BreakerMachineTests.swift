import FoundationEssentials
import IngestCore
import Testing

@Suite("Breakers")
struct BreakerMachineTests {
  private let failure = BreakerOutcome.failed(code: "HTTP_503")
  private static let second: Int64 = 1_000_000

  private func policy(minimum: Int = 1_000_000, inARow: Int = 3, probes: Int = 1, successes: Int = 2) throws
    -> BreakerPolicy
  {
    try BreakerPolicy(
      window: .seconds(10), minimumCalls: minimum, consecutiveFailures: inARow, firstWait: .seconds(4),
      longestWait: .seconds(20), probes: probes, successesToClose: successes, probeLife: .seconds(30))
  }

  private func permit(_ breaker: inout BreakerMachine, at now: Int64) -> BreakerPermit? {
    guard case .pass(let permit) = breaker.decide(at: now).decision else { return nil }
    return permit
  }

  /// Makes one call, if the breaker lets it through.
  private func call(
    _ breaker: inout BreakerMachine, _ outcome: BreakerOutcome, at now: Int64
  ) throws -> BreakerTransition? {
    let permit = try #require(permit(&breaker, at: now))
    return breaker.record(outcome, permit: permit, at: now, fraction: 1)
  }

  private func opened(_ policy: BreakerPolicy, at now: Int64 = 0) throws -> BreakerMachine {
    var breaker = BreakerMachine(policy)
    for _ in 0..<policy.consecutiveFailures { _ = try call(&breaker, failure, at: now) }
    try #require(breaker.state.phase == .open)
    return breaker
  }

  @Test("consecutive failures open the breaker, and one answer resets the count")
  func inARow() throws {
    var breaker = BreakerMachine(try policy())
    for outcome in [failure, failure, .answered, failure, .silent, failure] {
      #expect(try call(&breaker, outcome, at: 5) == nil)
    }
    let transition = try call(&breaker, failure, at: 7)
    #expect(transition?.from == .closed && transition?.to == .open && transition?.at == 7)
    #expect(transition?.cause == .consecutiveFailures(3, code: "HTTP_503"))
    #expect(transition?.until == 7 + 4 * Self.second)
    #expect(transition?.cause.description == "3 calls failed in a row, the last with HTTP_503")
  }

  @Test("a failure rate opens it once there are enough calls, and old calls leave the window")
  func rate() throws {
    let policy = try policy(minimum: 10, inARow: 1000)
    var breaker = BreakerMachine(policy)
    for index in 0..<9 { #expect(try call(&breaker, index % 2 == 0 ? failure : .answered, at: 0) == nil) }
    #expect(breaker.state.counts == (5, 9))
    var early = breaker
    let transition = try call(&early, failure, at: 9_999_999)
    #expect(transition?.cause == .failureRate(failed: 6, calls: 10, code: "HTTP_503"))
    // A window later these calls no longer count.
    #expect(try call(&breaker, failure, at: 10 * Self.second) == nil)
    #expect(breaker.state.counts == (1, 1))
    // Below the rate the breaker stays closed, however many calls fail.
    for index in 0..<200 {
      let calm = try call(&breaker, index % 5 == 1 ? failure : .answered, at: 11 * Self.second)
      #expect(calm == nil)
    }
  }

  @Test("only a transient failure counts: a refused request is an answer, and a limit counts as neither")
  func kinds() {
    func outcome(_ kind: Failure.Kind) -> BreakerOutcome { BreakerOutcome(Failure(kind, code: "C", "M.")) }
    #expect(BreakerOutcome(nil) == .answered)
    #expect(outcome(.transient) == .failed(code: "C"))
    #expect(outcome(.permanent) == .answered)
    for kind in [Failure.Kind.throttled, .unavailable, .exhausted, .poison, .cancelled] {
      #expect(outcome(kind) == .silent)
    }
  }

  @Test("an open breaker lets no call through until its wait is over, and then only its probes")
  func probes() throws {
    var breaker = try opened(policy(probes: 2))
    #expect(breaker.decide(at: 1).decision == .wait(.microseconds(4 * Self.second - 1)))
    #expect(breaker.decide(at: 4 * Self.second - 1).decision == .wait(.microseconds(1)))
    let first = breaker.decide(at: 4 * Self.second)
    #expect(first.transition?.cause == .waitOver && first.transition?.to == .halfOpen)
    guard case .pass(let one) = first.decision else {
      Issue.record("the first probe goes through")
      return
    }
    let two = try #require(permit(&breaker, at: 5 * Self.second))
    #expect(one.probe != two.probe && breaker.state.probesOut == 2)
    #expect(breaker.decide(at: 6 * Self.second).decision == .wait(.seconds(28)))
    #expect(breaker.record(.answered, permit: one, at: 7 * Self.second, fraction: 0) == nil)
    #expect(breaker.record(.answered, permit: one, at: 7 * Self.second, fraction: 0) == nil, "a probe counts once")
    #expect(breaker.record(.silent, permit: two, at: 7 * Self.second, fraction: 0) == nil)
    #expect(breaker.state.phase == .halfOpen && breaker.state.probesOut == 0)
    let closing = try call(&breaker, .answered, at: 8 * Self.second)
    #expect(closing?.to == .closed && closing?.cause == .probesSucceeded(2))
  }

  @Test("a failed probe opens it for longer, up to the longest wait; a healthy window resets the wait")
  func backoff() throws {
    let policy = try policy(successes: 1)
    var breaker = try opened(policy)
    var waits: [Int64] = []
    for _ in 0..<5 {
      let until = try #require(breaker.state.until)
      let transition = try call(&breaker, failure, at: until)
      #expect(transition?.cause == .probeFailed(code: "HTTP_503"))
      waits.append((try #require(transition?.until) - until) / Self.second)
    }
    #expect(waits == [8, 16, 20, 20, 20])
    func reopened(after calm: Int64) throws -> Int64 {
      var copy = breaker
      let now = try #require(copy.state.until)
      #expect(try call(&copy, .answered, at: now)?.to == .closed)
      for _ in 0..<2 { _ = try call(&copy, failure, at: now + calm) }
      let again = try #require(try call(&copy, failure, at: now + calm))
      return (try #require(again.until) - again.at) / Self.second
    }
    #expect(try reopened(after: 9 * Self.second) == 20)
    #expect(try reopened(after: 10 * Self.second) == 4)
  }

  @Test("the wait is drawn between half and all of its length", arguments: [0, 0.5, 1, 7, -3])
  func jitter(_ fraction: Double) throws {
    var breaker = BreakerMachine(try policy(inARow: 1))
    let permit = try #require(permit(&breaker, at: 0))
    let transition = breaker.record(failure, permit: permit, at: 0, fraction: fraction)
    #expect(transition?.until == Int64(2_000_000 + 2_000_000 * min(max(fraction, 0), 1)))
  }

  @Test("the slot of a probe whose worker died is freed, and its late answer is ignored")
  func lostProbe() throws {
    var breaker = try opened(policy(successes: 1))
    let lost = try #require(permit(&breaker, at: 4 * Self.second))
    #expect(permit(&breaker, at: 34 * Self.second - 1) == nil)
    var late = breaker
    #expect(
      late.record(.answered, permit: lost, at: 34 * Self.second, fraction: 0) == nil && late.state.phase == .halfOpen)
    let next = try #require(permit(&breaker, at: 34 * Self.second))
    #expect(breaker.record(failure, permit: lost, at: 35 * Self.second, fraction: 0) == nil)
    #expect(breaker.record(.answered, permit: next, at: 35 * Self.second, fraction: 0)?.to == .closed)
  }

  @Test("the outcome of a call that began before the last transition is ignored")
  func epochs() throws {
    var breaker = BreakerMachine(try policy(inARow: 1, successes: 1))
    let slow = try #require(permit(&breaker, at: 0))
    _ = try call(&breaker, failure, at: 1)
    #expect(breaker.record(failure, permit: slow, at: 2, fraction: 0) == nil)
    let until = try #require(breaker.state.until)
    let probe = try #require(permit(&breaker, at: until))
    #expect(breaker.record(failure, permit: slow, at: until, fraction: 0) == nil && breaker.state.phase == .halfOpen)
    #expect(breaker.record(.answered, permit: probe, at: until, fraction: 0)?.to == .closed)
    #expect(breaker.record(failure, permit: slow, at: until + 1, fraction: 0) == nil && breaker.state.phase == .closed)
  }

  @Test("a person can open it for a time or until a reset, in any phase")
  func byHand() throws {
    var breaker = BreakerMachine(try policy())
    let transition = breaker.open(by: "anna", at: 3)
    #expect(transition.until == nil && transition.cause == .opened(by: "anna"))
    #expect(breaker.decide(at: .max / 8).decision == .wait(nil))
    #expect(breaker.reset(by: "anna", at: .max / 8).from == .open)
    #expect(permit(&breaker, at: .max / 8) != nil)
    var timed = BreakerMachine(try policy())
    #expect(timed.open(by: "ben", for: .seconds(9), at: 1).until == 9_000_001)
    #expect(permit(&timed, at: 9_000_001)?.probe != nil)
    #expect(timed.reset(by: "ben", at: 9_000_002).from == .halfOpen)
    #expect(timed.open(by: "ben", for: .seconds(Int64.max), at: 5).until != nil)
  }

  @Test("its state survives JSON and stays small, and after a reboot the rest of its wait applies")
  func state() throws {
    var breaker = BreakerMachine(try policy(minimum: 1_000_000, inARow: 1_000_000))
    for index in 0..<100 { _ = try call(&breaker, index % 3 == 0 ? failure : .answered, at: Int64(index) * 100_000) }
    let bytes = try JSONEncoder().encode(breaker.state)
    #expect(bytes.count < 500)
    #expect(try JSONDecoder().decode(BreakerMachine.State.self, from: bytes) == breaker.state)
    var open = try opened(policy(), at: 50 * Self.second)
    open = BreakerMachine(open.policy, state: open.state.resumed(at: 7))
    #expect(open.decide(at: 7).decision == .wait(.seconds(4)))
    let probe = try #require(permit(&open, at: 7 + 4 * Self.second))
    var resumed = BreakerMachine(open.policy, state: open.state.resumed(at: 0))
    #expect(resumed.state.phase == .halfOpen && resumed.state.probesOut == 0)
    #expect(resumed.record(failure, permit: probe, at: 1, fraction: 0) == nil)
    #expect(permit(&resumed, at: 1) != nil)
  }

  @Test(
    "there are never more probes under way than allowed, and no call is let through while it is open",
    arguments: UInt64(0)..<40)
  func invariants(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let policy = try policy(minimum: 5, inARow: 4, probes: 1 + Int(seed % 3), successes: 1 + Int(seed % 4))
    var breaker = BreakerMachine(policy)
    var (now, calls): (Int64, [(permit: BreakerPermit, at: Int64)]) = (0, [])
    var phase = BreakerMachine.Phase.closed
    func follow(_ transition: BreakerTransition?) {
      guard let transition else { return }
      #expect(transition.from == phase && transition.at == now)
      phase = transition.to
    }
    for _ in 0..<3000 {
      now += Int64.random(in: 0...2_000_000, using: &random)
      if Bool.random(using: &random) {
        let answer = breaker.decide(at: now)
        follow(answer.transition)
        switch answer.decision {
        case .pass(let permit):
          #expect(breaker.state.phase != .open)
          calls.append((permit, now))
        case .wait(let wait): #expect(try #require(wait) > .zero)
        }
      } else if let index = calls.indices.randomElement(using: &random) {
        let outcome = [BreakerOutcome.answered, failure, failure, .silent].randomElement(using: &random) ?? .silent
        follow(breaker.record(outcome, permit: calls.remove(at: index).permit, at: now, fraction: 0.5))
      }
      #expect(breaker.state.phase == phase)
      let out = calls.filter {
        $0.permit.probe != nil && $0.permit.epoch == breaker.state.epoch && $0.at + 30 * Self.second > now
      }
      #expect(out.count <= policy.probes)
    }
  }

  @Test("settings that cannot work are refused by name")
  func refuses() {
    func refused(_ make: () throws -> BreakerPolicy) -> String? {
      #expect(throws: PolicyError.self) { _ = try make() }?.failure.message
    }
    #expect(refused { try .init(window: .zero) }?.contains("window") == true)
    #expect(refused { try .init(minimumCalls: 0) }?.contains("minimum") == true)
    #expect(refused { try .init(failureRate: 0) }?.contains("failure rate") == true)
    #expect(refused { try .init(failureRate: .nan) }?.contains("failure rate") == true)
    #expect(refused { try .init(consecutiveFailures: 0) }?.contains("in a row") == true)
    #expect(refused { try .init(factor: 0.5) }?.contains("factor") == true)
    #expect(refused { try .init(firstWait: .seconds(10), longestWait: .seconds(5)) }?.contains("longest") == true)
    #expect(refused { try .init(probes: 0) }?.contains("probes") == true)
    #expect(refused { try .init(successesToClose: 0) }?.contains("successes") == true)
    #expect(refused { try .init(probeLife: .zero) }?.contains("life") == true)
  }

  @Test("calls that waited together start one after another, within the longest spread")
  func spread() {
    let spread = Spread(interval: .milliseconds(50), longest: .seconds(300))
    #expect([0, 1, 2, 9].map { spread.delay(position: $0, of: 10) } == [0, 50, 100, 450].map { .milliseconds($0) })
    #expect(spread.delay(position: 999_999, of: 1_000_000) < .seconds(300))
    #expect(spread.delay(position: 500_000, of: 1_000_000) == .seconds(150))
    #expect(spread.delay(position: -1, of: 10) == .zero && spread.delay(position: 5, of: 0) == .zero)
    #expect(spread.delay(position: .max, of: .max) <= .seconds(300))
  }
}
