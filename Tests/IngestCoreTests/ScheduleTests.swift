import IngestCore
import Testing

@Suite("Schedules")
struct ScheduleTests {
  private let created = time("2026-11-20T09:00:00Z")

  private func decide(
    _ text: String, last: String, now: String, catchUp: Duration = .seconds(3600), jitter: Duration = .zero
  ) throws -> ScheduleDecision {
    ScheduleDecision.decide(
      try ScheduleTiming(text, from: created), in: .utc, last: time(last), now: time(now), catchUp: catchUp,
      jitter: jitter, seed: ScheduleDecision.seed(of: "nightly"))
  }

  @Test("intervals count from their start, independent of the calendar")
  func intervals() throws {
    let timing = try ScheduleTiming("every 90s", from: created)
    #expect(timing.next(after: created, in: .utc) == time("2026-11-20T09:01:30Z"))
    #expect(timing.next(after: time("2026-11-20T09:01:30Z"), in: .utc) == time("2026-11-20T09:03:00Z"))
    #expect(timing.next(after: time("2026-11-20T09:02:59.999Z"), in: .utc) == time("2026-11-20T09:03:00Z"))
    #expect(timing.next(after: time("2020-01-01T00:00:00Z"), in: .utc) == time("2026-11-20T09:01:30Z"))
    #expect(timing.next(after: .init(rawValue: .max), in: .utc) == nil)
    #expect(timing.description == "every 1m30s")
    #expect(try ScheduleTiming("@every 1h", from: created) == .every(.seconds(3600), from: created))
  }

  @Test("a schedule is parsed in each of its forms, and refused in any other")
  func reads() throws {
    let once = try ScheduleTiming("2026-12-01T00:00:00+01:00", from: created)
    let fine = try ScheduleTiming("2026-11-20T09:30:02.0002Z", from: created)
    #expect(try ScheduleTiming(fine.description, from: created) == fine)
    #expect(once.next(after: created, in: .utc) == time("2026-11-30T23:00:00Z"))
    #expect(once.next(after: time("2026-11-30T23:00:00Z"), in: .utc) == nil)
    #expect(try ScheduleTiming("@daily", from: created).description == "@daily")
    for text in ["every", "every 0s", "every 999ms", "every 367d", "every 1h 2m", "every day", "every -5s", "", "soon"]
    {
      let error = #expect(throws: PolicyError.self) { try ScheduleTiming(text, from: created) }
      #expect(error?.failure.code == "SCHEDULE_INVALID")
    }
  }

  @Test("due ticks are fired, and none twice")
  func fires() throws {
    let early = try decide("*/10 * * * *", last: "2026-11-20T09:00:00Z", now: "2026-11-20T09:09:59Z")
    #expect(early.fire.isEmpty && early.last == created && early.next == time("2026-11-20T09:10:00Z"))
    let due = try decide("*/10 * * * *", last: "2026-11-20T09:00:00Z", now: "2026-11-20T09:21:00Z")
    #expect(due.fire.map(\.at) == [time("2026-11-20T09:10:00Z"), time("2026-11-20T09:20:00Z")])
    #expect(due.fire.allSatisfy { $0.startAt == $0.at } && due.missed == nil)
    #expect(due.last == time("2026-11-20T09:20:00Z") && due.next == time("2026-11-20T09:30:00Z"))
    let again = try decide("*/10 * * * *", last: "2026-11-20T09:20:00Z", now: "2026-11-20T09:21:00Z")
    #expect(again.fire.isEmpty && again.last == due.last)
  }

  @Test("after a downtime, ticks within the window are caught up and the others are reported as missed")
  func catchesUp() throws {
    let late = try decide(
      "0 * * * *", last: "2026-11-20T00:00:00Z", now: "2026-11-20T09:00:00Z", catchUp: .seconds(7200))
    #expect(late.fire.map(\.at) == ["07", "08", "09"].map { time("2026-11-20T\($0):00:00Z") })
    #expect(late.missed == time("2026-11-20T01:00:00Z") && late.next == time("2026-11-20T10:00:00Z"))
    let none = try decide("0 * * * *", last: "2026-11-20T00:00:00Z", now: "2026-11-20T09:00:01Z", catchUp: .zero)
    #expect(none.fire.isEmpty && none.missed == time("2026-11-20T01:00:00Z"))
    let after = ScheduleDecision.decide(
      try ScheduleTiming("0 * * * *", from: created), in: .utc, last: none.last, now: time("2026-11-20T09:00:02Z"),
      catchUp: .zero)
    #expect(after.fire.isEmpty && after.missed == nil, "a missed tick is reported once")
    let edge = try decide("0 * * * *", last: "2026-11-20T07:00:00Z", now: "2026-11-20T09:00:00.000001Z")
    #expect(edge.fire.map(\.at) == [created] && edge.missed == time("2026-11-20T08:00:00Z"), "a microsecond too old")
    let once = try decide("2026-11-20T08:30:00Z", last: "2026-11-20T08:00:00Z", now: "2026-11-20T09:00:00Z")
    #expect(once.fire.count == 1 && once.next == nil)
  }

  @Test("a year of downtime with a tick each second is caught up without a wait, in portions")
  func portions() throws {
    var last = time("2025-11-20T09:00:00Z")
    let now = time("2026-11-20T09:00:00Z")
    let timing = try ScheduleTiming("* * * * * *", from: last)
    var fired: [Timestamp] = []
    var next: Timestamp?
    repeat {
      let decision = ScheduleDecision.decide(timing, in: .utc, last: last, now: now, catchUp: .seconds(999))
      #expect(decision.fire.count <= ScheduleDecision.most)
      fired += decision.fire.map(\.at)
      (last, next) = (decision.last, decision.next)
    } while next == now
    #expect(fired.count == 1000 && Set(fired).count == 1000)
    #expect(fired.first == now + .seconds(-999) && fired.last == now && next == now + .seconds(1))
  }

  @Test("a clock set back fires nothing again, and a clock that was far ahead does not block a schedule for years")
  func clocks() throws {
    let back = try decide("*/10 * * * *", last: "2026-11-20T09:20:00Z", now: "2026-11-20T09:05:00Z")
    #expect(back.fire.isEmpty && back.next == time("2026-11-20T09:30:00Z") && back.last == time("2026-11-20T09:20:00Z"))
    let wrong = try decide("*/10 * * * *", last: "2036-01-01T00:00:00Z", now: "2026-11-20T09:05:00Z")
    #expect(
      wrong.fire.isEmpty && wrong.next == time("2026-11-20T09:10:00Z") && wrong.last == time("2026-11-20T09:05:00Z"))
  }

  @Test("jitter stays within its bound, differs by tick, and is the same for every worker")
  func jitter() throws {
    func draw() throws -> [Duration] {
      try decide("* * * * *", last: "2026-11-20T08:00:00Z", now: "2026-11-20T09:00:00Z", jitter: .seconds(30)).fire.map
      {
        $0.startAt - $0.at
      }
    }
    let draws = try draw()
    #expect(draws.allSatisfy { $0 >= .zero && $0 < .seconds(30) })
    #expect(Set(draws).count == 60 && draws.contains { $0 < .seconds(5) } && draws.contains { $0 > .seconds(25) })
    #expect(try draw() == draws)
    #expect(ScheduleDecision.seed(of: "a") != ScheduleDecision.seed(of: "b"))
  }

  @Test("with a tick each second across a change of clocks, each tick fires once for any number of workers")
  func oncePerTick() throws {
    let timing = try ScheduleTiming("* * * * * *", from: created)
    let zone = try Zone.berlin.rules
    let start = time("2026-10-25T00:59:30Z")
    var last = start
    var fired: [Timestamp] = []
    for step in 1...600 {
      // Three workers read the same row at slightly different times; the first to swap it wins.
      let seen = last
      for worker in 0..<3 {
        let now = start + .milliseconds(step * 100 + worker * 7)
        let decision = ScheduleDecision.decide(timing, in: zone, last: seen, now: now)
        guard last == seen, decision.last != seen else { continue }
        last = decision.last
        fired += decision.fire.map(\.at)
      }
    }
    #expect(fired == (1...60).map { start + .seconds($0) })
  }

  @Test("each overlap policy does what its name says")
  func overlap() {
    for policy in OverlapPolicy.allCases { #expect(policy.decide(running: 0, waiting: 0) == .start) }
    #expect(OverlapPolicy.skip.decide(running: 1, waiting: 0) == .skip)
    #expect(OverlapPolicy.allow.decide(running: 9, waiting: 0) == .start)
    #expect(OverlapPolicy.queueOne.decide(running: 1, waiting: 0) == .queue)
    #expect(OverlapPolicy.queueOne.decide(running: 1, waiting: 1) == .skip)
    #expect(OverlapPolicy.queueOne.decide(running: 0, waiting: 1) == .skip)
    #expect(OverlapPolicy.cancelPrevious.decide(running: 1, waiting: 1) == .cancelAndStart)
  }
}
