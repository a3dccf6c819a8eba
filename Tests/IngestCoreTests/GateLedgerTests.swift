import IngestCore
import Testing

@Suite("Gate ledger")
struct GateLedgerTests {
  private let second: Int64 = 1_000_000
  private let start: Int64 = 1_000_000_000
  private let breakers = BreakerPolicy.standard

  private func ledger(at uptime: Int64? = nil, boot: String = "boot") -> GateLedger {
    GateLedger(at: uptime ?? start, bootID: boot, breakers: breakers)
  }

  private func rate(_ name: String, _ spec: String) throws -> Gate {
    Gate(name: name, policy: .limit(.throttle(try RateSpec(spec))))
  }

  @Test("each gate's account is loaded once, also that of a pause")
  func needs() throws {
    var ledger = ledger()
    let gates = [try rate("throttle", "1/s"), Gate(name: "pause", policy: .pause)]
    #expect(ledger.needs(gates) == gates.map { .account($0) })
    for (key, gate) in gates.enumerated() { ledger.load(GateAccount(key: Int64(key)), of: gate, boot: start) }
    #expect(ledger.needs(gates).isEmpty)
  }

  @Test("a start takes from all gates or from none")
  func together() throws {
    var ledger = ledger()
    let free = try rate("free", "1/s burst 10")
    let full = Gate(name: "full", policy: .limit(.concurrency(ConcurrencyLimit(clamping: 2))))
    ledger.load(GateAccount(key: 1), of: free, boot: start)
    ledger.load(GateAccount(key: 2, held: 2), of: full, boot: start)
    #expect(ledger.take([free, full]) == .closed(.init(gate: 2, closesSource: false, until: nil)))
    #expect(!ledger.hasChanges)
    #expect(ledger.take([free]) == .granted)
    #expect(ledger.takeChanges().map(\.account) == [1])
    #expect(ledger.takeChanges().isEmpty)
  }

  @Test("a bucket grants its burst and one more, then names the time of the next grant")
  func bucket() throws {
    var ledger = ledger()
    let gate = try rate("throttle", "60/m burst 2")
    ledger.load(GateAccount(key: 7), of: gate, boot: start)
    for _ in 0..<3 { #expect(ledger.take([gate]) == .granted) }
    #expect(ledger.take([gate]) == .closed(.init(gate: 7, closesSource: false, until: start + second)))
    guard case .account(7, let bucket?, 0)? = ledger.takeChanges().first else {
      Issue.record("the bucket is not written")
      return
    }
    var later = self.ledger(at: start + second)
    later.load(GateAccount(key: 7, bucket: bucket), of: gate, boot: start)
    #expect(later.take([gate]) == .granted)
  }

  @Test("of two refusals the later time counts; a refusal that only an event can end wins over any time")
  func latest() throws {
    var ledger = ledger()
    let soon = try rate("soon", "1/s")
    let late = try rate("late", "1/m")
    let pause = Gate(name: "pause", policy: .pause)
    for (key, gate) in [soon, late, pause].enumerated() {
      ledger.load(GateAccount(key: Int64(key)), of: gate, boot: start)
    }
    #expect(ledger.take([soon, late]) == .granted)
    let refusals: [[Gate]] = [[soon, late], [late, soon]]
    for gates in refusals {
      #expect(ledger.take(gates) == .closed(.init(gate: 1, closesSource: false, until: start + 60 * second)))
    }
    for gates in [[pause, late], [late, pause]] {
      #expect(ledger.take(gates) == .closed(.init(gate: 2, closesSource: false, until: nil)))
    }
  }

  @Test("a gate of a source closes the source")
  func source() {
    var ledger = ledger()
    var gate = Gate(name: "source", policy: .limit(.concurrency(ConcurrencyLimit(clamping: 1))))
    gate.closesSource = true
    ledger.load(GateAccount(key: 3, held: 1), of: gate, boot: start)
    #expect(ledger.take([gate]) == .closed(.init(gate: 3, closesSource: true, until: nil)))
  }

  @Test("the remaining wait of an earlier boot starts at the time when this boot was recorded")
  func boot() throws {
    var old = ledger(at: 500 * second, boot: "old")
    let gate = try rate("throttle", "1/m")
    old.load(GateAccount(key: 1), of: gate, boot: 0)
    #expect(old.take([gate]) == .granted)
    guard case .account(_, let bucket?, _)? = old.takeChanges().first else {
      Issue.record("the bucket is not written")
      return
    }
    var new = ledger(at: 30 * second, boot: "new")
    new.load(GateAccount(key: 1, bucket: bucket), of: gate, boot: 10 * second)
    #expect(new.take([gate]) == .closed(.init(gate: 1, closesSource: false, until: 70 * second)))
  }

  @Test("a bucket with a new rate is recomputed and written, even if nothing is granted")
  func rebased() throws {
    var before = ledger()
    let slow = try rate("throttle", "1/h")
    before.load(GateAccount(key: 1), of: slow, boot: start)
    #expect(before.take([slow]) == .granted)
    guard case .account(_, let bucket?, _)? = before.takeChanges().first else {
      Issue.record("the bucket is not written")
      return
    }
    var after = ledger()
    let fast = try rate("throttle", "1/m")
    after.load(GateAccount(key: 1, bucket: bucket), of: fast, boot: start)
    guard case .closed = after.take([fast]) else {
      Issue.record("the new rate grants a start")
      return
    }
    #expect(after.hasChanges)
    #expect(after.takeChanges().map(\.account) == [1])
  }

  @Test("only slots are held, and the slots of a step are marked")
  func slots() throws {
    var ledger = ledger()
    let gates = [
      try rate("throttle", "1/s"), Gate(name: "job", policy: .limit(.concurrency(ConcurrencyLimit(clamping: 1)))),
      Gate(name: "step", policy: .limit(.concurrency(ConcurrencyLimit(clamping: 1))), isOfStep: true),
    ]
    for (key, gate) in gates.enumerated() { ledger.load(GateAccount(key: Int64(key)), of: gate, boot: start) }
    #expect(ledger.take(gates) == .granted)
    #expect(ledger.slots(of: gates).map(\.account) == [1, 2])
    #expect(ledger.slots(of: gates).map(\.isOfStep) == [false, true])
    #expect(gates.map(\.countsRunning) == [false, true, false])
  }

  @Test("after a dependency without calls, parked jobs start one by one, each lane one interval later")
  func pace() {
    var ledger = ledger()
    let gate = Gate(name: "embedder", policy: .dependency)
    ledger.load(GateAccount(key: 9), of: gate, boot: start)
    #expect(ledger.take([gate]) == .granted)
    for turn in 1...3 {
      let until = start + Int64(turn) * 2000
      #expect(ledger.take([gate]) == .closed(.init(gate: 9, closesSource: false, until: until)))
    }
    #expect(ledger.takeChanges() == [.pace(9, until: start + 2000)])
  }

  @Test("an open breaker closes its lanes until its probes or, without a time, until an event")
  func breaker() {
    let gate = Gate(name: "embedder", policy: .dependency)
    for (wait, until) in [(nil, nil), (Duration.seconds(5), start + 5 * second)] as [(Duration?, Int64?)] {
      var state = DependencyState(bootID: "boot", at: start)
      _ = state.open(by: "cli/ann", for: wait, at: start, policy: breakers)
      var ledger = ledger()
      ledger.load(GateAccount(key: 4, dependency: state), of: gate, boot: start)
      #expect(ledger.take([gate]) == .closed(.init(gate: 4, closesSource: false, until: until)))
      #expect(!ledger.hasChanges)
    }
  }

  @Test("a breaker that just closed needs the number of parked jobs, and spreads their starts")
  func spread() {
    let gate = Gate(name: "embedder", policy: .dependency)
    var state = DependencyState(bootID: "boot", at: start - second)
    _ = state.open(by: "cli/ann", for: nil, at: start - second, policy: breakers)
    _ = state.reset(by: "cli/ann", at: start, policy: breakers)
    var ledger = ledger(at: start + second)
    ledger.load(GateAccount(key: 4, dependency: state), of: gate, boot: start)
    #expect(ledger.needs([gate]) == [.parked(gate, account: 4)])
    ledger.load(parked: 60_000, at: gate)
    #expect(ledger.take([gate]) == .granted)
    // 300 s for 60,000 jobs, so 5 ms each.
    #expect(ledger.takeChanges() == [.pace(4, until: start + second + 5000)])
  }

  @Test("a dependency's state from an earlier boot is converted once")
  func carriedOver() {
    let gate = Gate(name: "embedder", policy: .dependency)
    var state = DependencyState(bootID: "old", at: start)
    state.hold(for: .seconds(60), at: start)
    var ledger = ledger(at: 5 * second, boot: "new")
    ledger.load(GateAccount(key: 4, dependency: state), of: gate, boot: 0)
    #expect(ledger.take([gate]) == .closed(.init(gate: 4, closesSource: false, until: 65 * second)))
    #expect(ledger.takeChanges() == [.dependency(4, state.resumed(at: 5 * second, bootID: "new"))])
    #expect(ledger.takeChanges().isEmpty)
  }
}
