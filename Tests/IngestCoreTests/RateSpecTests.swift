import IngestCore
import Testing

@Suite("Limits as text")
struct RateSpecTests {
  @Test(
    "a limit is printed in the form in which it is parsed",
    arguments: [
      ("60/m", 60, 60_000_000, 0, "60/m"), ("1/4h", 1, 14_400_000_000, 0, "1/4h"),
      ("10 per 30s", 10, 30_000_000, 0, "10/30s"), ("10 per minute", 10, 60_000_000, 0, "10/m"),
      ("60/m burst 10", 60, 60_000_000, 10, "60/m burst 10"), ("5 / 1h30m", 5, 5_400_000_000, 0, "5/1h30m"),
      ("1000000/s", 1_000_000, 1_000_000, 0, "1000000/s"), ("1/30d", 1, 2_592_000_000_000, 0, "1/30d"),
      ("7/250ms burst 3", 7, 250_000, 3, "7/250ms burst 3"),
    ] as [(String, Int, Int64, Int, String)])
  func reads(_ text: String, _ limit: Int, _ period: Int64, _ burst: Int, _ written: String) throws {
    let spec = try RateSpec(text)
    #expect(spec.limit == limit && spec.period == .microseconds(period) && spec.burst == burst)
    #expect(spec.description == written)
    #expect(try RateSpec(written) == spec)
  }

  @Test(
    "an impossible limit is refused with the reason",
    arguments: [
      ("0/m", "nothing could ever start"), ("-1/m", "nothing could ever start"), ("5/0s", "longer than 0s"),
      ("2000000000/s", "at most"), ("1/999us", "1ms to 366d"), ("1/367d", "1ms to 366d"),
      ("5/m burst -1", "negative"), ("1/366d burst 11", "ten years"), ("5/m burst x", "not a whole number"),
      ("5", "number per period"), ("", "number per period"), ("/m", "not a whole number"), ("5/", "not a duration"),
      ("5/fortnight", "not a duration"), ("5/m/s", "not a duration"), ("1.5/m", "not a whole number"),
      ("5 each m", "number per period"), ("99999999999999999999/s", "not a whole number"), ("5/-1s", "not a duration"),
      ("5/m burst 99999999999", "ten years"), ("+5/m", "not a whole number"),
    ])
  func refuses(_ text: String, _ problem: String) {
    let error = #expect(throws: PolicyError.self) { try RateSpec(text) }
    #expect(error?.failure.code == "LIMIT_INVALID")
    #expect(error?.failure.category == .invalid)
    #expect(error?.failure.message.contains(problem) == true, "\(error?.failure.message ?? "")")
    #expect(error?.failure.message.contains("\"\(text)\"") == true)
  }

  @Test("keys of limits are printed as they are parsed, and a mistyped key gets a suggestion")
  func keys() throws {
    for text in ["source", "index", "workflow", "provider", "tenant", "document", "meta.team"] {
      #expect(try LimitKey(text).description == text)
    }
    for text in ["", "meta.", "meta", "Source"] { #expect(throws: PolicyError.self) { try LimitKey(text) } }
    let error = #expect(throws: PolicyError.self) { try LimitKey("sorce") }
    #expect(error?.failure.message.contains("did you mean source?") == true)
  }

  @Test("a concurrency of zero is refused, and a lowered limit lets running jobs finish")
  func concurrency() throws {
    #expect(throws: PolicyError.self) { try ConcurrencyLimit(0) }
    #expect(throws: PolicyError.self) { try ConcurrencyLimit(-4) }
    let limit = try ConcurrencyLimit(4)
    #expect([0, 3, 4, 9].map { limit.free(running: $0) } == [4, 1, 0, 0])
  }

  @Test("one level of priority is worth a minute of waiting, so no job waits for ever")
  func ageing() {
    let now = Timestamp(rawValue: 1_800_000_000_000_000)
    let low = Priority(clamping: -100)
    let high = Priority(clamping: 500)
    #expect(high.rawValue == 100 && Priority(rawValue: 101) == nil)
    #expect(high.rank(queuedAt: now) < Priority.normal.rank(queuedAt: now))
    #expect(low.rank(queuedAt: now) == high.rank(queuedAt: now + .seconds(200 * 60)))
    #expect(low.rank(queuedAt: .init(rawValue: .max)) == .max)
    #expect(high.rank(queuedAt: .init(rawValue: .min)) == .min)
  }

  @Test(
    "by default ended jobs are kept 7 days, dead letters 90, the journal 30, and needed rows as long as they are needed"
  )
  func retention() throws {
    let kept = try Retention()
    let now = Timestamp(rawValue: 1_800_000_000_000_000)
    func daysAgo(_ days: Int64) -> Timestamp { now + .seconds(-days * 86_400) }
    #expect(kept.cutoff(.completed, now: now) == daysAgo(7))
    #expect(kept.cutoff(.dead, now: now) == daysAgo(90))
    #expect(kept.journalCutoff(now: now) == daysAgo(30))
    for state in [JobState.queued, .running, .waiting] { #expect(kept.cutoff(state, now: now) == nil) }
    #expect(kept.prunes(.completed, endedAt: daysAgo(8), isNeeded: false, now: now))
    #expect(!kept.prunes(.completed, endedAt: daysAgo(7), isNeeded: false, now: now))
    #expect(!kept.prunes(.completed, endedAt: daysAgo(8), isNeeded: true, now: now))
    #expect(!kept.prunes(.completed, endedAt: nil, isNeeded: false, now: now))
    #expect(!kept.prunes(.dead, endedAt: daysAgo(89), isNeeded: false, now: now))
    #expect(try Retention(dead: nil).cutoff(.dead, now: now) == nil)
    #expect(throws: PolicyError.self) { try Retention(journal: .seconds(-1)) }
  }
}
