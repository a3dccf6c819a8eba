import IngestCore
import Testing

@Suite("Cron expressions")
struct CronExpressionTests {
  private func ticks(_ text: String, after start: String, in zone: Zone = .utc, count: Int) throws -> [String] {
    let expression = try CronExpression(text)
    var now = time(start)
    return try (0..<count).compactMap { _ in
      guard let next = expression.next(after: now, in: try zone.rules) else { return nil }
      now = next
      return next.description.replacing(".000Z", with: "Z")
    }
  }

  @Test(
    "an expression ticks at its times",
    arguments: [
      ("*/15 * * * *", "2026-11-20T09:07:30Z", ["2026-11-20T09:15:00Z", "2026-11-20T09:30:00Z"]),
      ("0 0 * * *", "2026-11-20T00:00:00Z", ["2026-11-21T00:00:00Z"]),
      ("@daily", "2026-11-20T23:59:59.999Z", ["2026-11-21T00:00:00Z"]),
      ("@hourly", "2026-12-31T23:00:00Z", ["2027-01-01T00:00:00Z"]),
      ("@weekly", "2026-11-20T00:00:00Z", ["2026-11-22T00:00:00Z", "2026-11-29T00:00:00Z"]),
      ("@monthly", "2026-11-20T00:00:00Z", ["2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"]),
      ("@YEARLY", "2026-11-20T00:00:00Z", ["2027-01-01T00:00:00Z"]),
      ("0 12 * jan,JUL mon-fri", "2026-11-20T00:00:00Z", ["2027-01-01T12:00:00Z", "2027-01-04T12:00:00Z"]),
      (
        "5/20 1 * * *", "2026-11-20T00:00:00Z",
        ["2026-11-20T01:05:00Z", "2026-11-20T01:25:00Z", "2026-11-20T01:45:00Z"]
      ),
      ("0 0 * * 7", "2026-11-20T00:00:00Z", ["2026-11-22T00:00:00Z"]),
      ("0 0 * * sat-sun", "2026-11-20T00:00:00Z", ["2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"]),
      (
        "0 0 * * 5-7", "2026-11-20T00:00:00Z", ["2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", "2026-11-27T00:00:00Z"]
      ),
      (
        "*/20 0 0 1 1 *", "2026-01-01T00:00:00Z",
        ["2026-01-01T00:00:20Z", "2026-01-01T00:00:40Z", "2027-01-01T00:00:00Z"]
      ),
      ("59 59 23 31 12 *", "2026-01-01T00:00:00Z", ["2026-12-31T23:59:59Z", "2027-12-31T23:59:59Z"]),
      (
        "10-50/20,1 4 * * *", "2026-11-20T00:00:00Z",
        ["2026-11-20T04:01:00Z", "2026-11-20T04:10:00Z", "2026-11-20T04:30:00Z"]
      ),
      // 29 February, also across the year 2100, which has none, and on a given weekday.
      ("0 0 29 2 *", "2026-01-01T00:00:00Z", ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
      ("0 0 29 2 *", "2096-03-01T00:00:00Z", ["2104-02-29T00:00:00Z"]),
      ("0 0 29 2 */7", "2072-03-01T00:00:00Z", ["2088-02-29T00:00:00Z"]),
      ("0 0 31 * *", "2026-01-31T00:00:00Z", ["2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z"]),
      // If both days are restricted, one match is enough. If one field begins with a star, both must match.
      (
        "0 0 13 * fri", "2026-11-10T00:00:00Z",
        ["2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-27T00:00:00Z"]
      ),
      ("0 0 1 * mon", "2026-11-28T00:00:00Z", ["2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z"]),
      ("0 0 */2 * mon", "2026-11-01T00:00:00Z", ["2026-11-09T00:00:00Z", "2026-11-23T00:00:00Z"]),
      ("0 0 30 2 mon", "2026-01-01T00:00:00Z", ["2026-02-02T00:00:00Z"]),
    ] as [(String, String, [String])])
  func ticks(_ text: String, _ start: String, _ expected: [String]) throws {
    #expect(try ticks(text, after: start, count: expected.count) == expected)
  }

  @Test(
    "an impossible expression is refused with the reason",
    arguments: [
      ("", "0 fields"), ("* * * *", "4 fields"), ("* * * * * * *", "7 fields"), ("60 * * * *", "minute is 60"),
      ("* 24 * * *", "hour is 24"), ("* * 0 * *", "day of the month is 0"), ("* * 32 * *", "not from 1 to 31"),
      ("* * * 13 *", "month is 13"), ("* * * * 8", "weekday is 8"), ("* * * foo *", "month cannot be \"foo\""),
      ("60 * * * * *", "second is 60"), ("5-2 * * * *", "runs backwards"), ("* * * * fri-mon", "runs backwards"),
      ("*/0 * * * *", "a step is at least 1"), ("*/90 * * * *", "write `every`"), ("*/x * * * *", "step of its minute"),
      ("1,,2 * * * *", "is empty"), (", * * * *", "is empty"), ("-5 * * * *", "cannot be \"\""),
      ("*5 * * * *", "cannot be"),
      ("0 0 30 2 *", "none of its months"), ("0 0 31 4,6,9,11 *", "none of its months"),
      ("0 0 30 feb */2", "none of its"),
      ("@dayly", "did you mean @daily?"), ("@reboot", "is not one of"), ("@daily 5", "is not one of"),
      ("? * * * *", "cannot be"),
      ("99999999999999999999 * * * *", "cannot be"), ("* * L * *", "cannot be"),
      (String(repeating: "1,", count: 600), "longer than 1000"),
    ])
  func refuses(_ text: String, _ problem: String) {
    let error = #expect(throws: PolicyError.self) { try CronExpression(text) }
    #expect(error?.failure.code == "SCHEDULE_INVALID")
    #expect(error?.failure.message.contains(problem) == true, "\(error?.failure.message ?? "")")
  }

  @Test(
    "a skipped time ticks once, at the change of clocks; a repeated time ticks at its first occurrence",
    arguments: [
      (.berlin, "30 2 * * *", "2026-03-28T12:00:00Z", ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]),
      (.berlin, "10,40 2 * * *", "2026-03-29T00:00:00Z", ["2026-03-29T01:00:00Z", "2026-03-30T00:10:00Z"]),
      (
        .berlin, "0,30 2,3 * * *", "2026-03-29T00:00:00Z",
        ["2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:00:00Z"]
      ),
      (.berlin, "30 2 * * *", "2026-10-24T12:00:00Z", ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]),
      (.berlin, "30 2 * * *", "2026-10-25T00:40:00Z", ["2026-10-26T01:30:00Z"]),
      // Asked within the repeated hour, before the clock shows this time again.
      (.berlin, "30 2 * * *", "2026-10-25T01:10:00Z", ["2026-10-26T01:30:00Z"]),
      (.lordHowe, "45 1 * * *", "2026-04-04T15:05:00Z", ["2026-04-05T15:15:00Z"]),
      (.berlin, "0 3 * * *", "2026-10-24T12:00:00Z", ["2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z"]),
      (.newYork, "30 2 * * *", "2027-03-13T12:00:00Z", ["2027-03-14T07:00:00Z", "2027-03-15T06:30:00Z"]),
      (.newYork, "30 1 * * *", "2026-10-31T12:00:00Z", ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]),
      (.lordHowe, "15 2 * * *", "2026-10-03T12:00:00Z", ["2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"]),
      (.lordHowe, "45 1 * * *", "2026-04-04T12:00:00Z", ["2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"]),
      (.casablanca, "30 2 * * *", "2026-02-14T12:00:00Z", ["2026-02-15T01:30:00Z", "2026-02-16T02:30:00Z"]),
      (.casablanca, "30 2 * * *", "2026-03-21T12:00:00Z", ["2026-03-22T02:00:00Z", "2026-03-23T01:30:00Z"]),
      // These follow the local clock: no tick for a skipped time, two for a repeated one.
      (.berlin, "30 * * * *", "2026-03-29T00:00:00Z", ["2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"]),
      (.berlin, "*/30 2 * * *", "2026-03-28T02:00:00Z", ["2026-03-30T00:00:00Z", "2026-03-30T00:30:00Z"]),
      (
        .berlin, "*/30 2 * * *", "2026-10-24T12:00:00Z",
        [
          "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z",
          "2026-10-26T01:00:00Z",
        ]
      ),
      (
        .lordHowe, "*/15 1 * * *", "2026-04-04T14:40:00Z",
        ["2026-04-04T14:45:00Z", "2026-04-04T15:00:00Z", "2026-04-04T15:15:00Z", "2026-04-05T14:30:00Z"]
      ),
    ] as [(Zone, String, String, [String])])
  func clockChanges(_ zone: Zone, _ text: String, _ start: String, _ expected: [String]) throws {
    #expect(try ticks(text, after: start, in: zone, count: expected.count) == expected)
  }

  @Test("a day that a place skipped ticks at the change")
  func skippedDay() throws {
    // Samoa went from −10 to +14 at the end of 29 December 2011.
    let zone = try TimeZoneRules(
      bytes: timeZoneFile(changes: [(1_325_239_200, 50_400)], initial: -36_000, footer: "<+14>-14"))
    let noon = try CronExpression("0 12 30 12 *")
    #expect(noon.next(after: time("2011-12-01T00:00:00Z"), in: zone) == time("2011-12-30T10:00:00Z"))
    let each = try CronExpression("0 12 * * *")
    let first = try #require(each.next(after: time("2011-12-30T00:00:00Z"), in: zone))
    #expect(first == time("2011-12-30T10:00:00Z"))
    #expect(each.next(after: first, in: zone) == time("2011-12-30T22:00:00Z"))
  }

  /// The same expressions, written as conditions by hand so that the parser does not check itself.
  private static let scanned:
    [(text: String, wild: Bool, matches: @Sendable (Int64, Int64, Int64, Int64, Int64) -> Bool)] = [
      ("30 2 * * *", false, { minute, hour, _, _, _ in minute == 30 && hour == 2 }),
      ("*/15 * * * *", true, { minute, _, _, _, _ in minute % 15 == 0 }),
      ("0 */2 * * *", true, { minute, hour, _, _, _ in minute == 0 && hour % 2 == 0 }),
      ("5,50 1-3 * * *", false, { minute, hour, _, _, _ in (minute == 5 || minute == 50) && (1...3).contains(hour) }),
      ("0 0 13 * 5", false, { minute, hour, day, _, week in minute == 0 && hour == 0 && (day == 13 || week == 5) }),
      (
        "*/10 2 * 3,10 sun", true,
        { minute, hour, _, month, week in
          minute % 10 == 0 && hour == 2 && (month == 3 || month == 10) && week == 0
        }
      ),
      (
        "15 1 */3 * 1-5", false,
        { minute, hour, day, _, week in
          minute == 15 && hour == 1 && day % 3 == 1 && (1...5).contains(week)
        }
      ),
    ]

  /// Compares a year of ticks with a local clock that is read every five minutes. The expressions and the changes of
  /// clocks are all multiples of five minutes.
  @Test("the ticks of a year are those that reading the clock finds", arguments: Zone.allCases)
  func scan(_ zone: Zone) throws {
    let rules = try zone.rules
    let (start, steps) = (time("2026-01-01T00:00:00Z").rawValue / 300_000_000, Int64(105_120))
    let offsets = (0...steps).map { rules.offset(at: Timestamp(rawValue: (start + $0) * 300_000_000)) / 300 }
    // A reading is a number of five-minute steps of the local clock; 1970-01-01 was a Thursday.
    let firstDay = start / 288 - 1
    let dates = (0...368).map { day in
      Timestamp(rawValue: (firstDay + day) * 86_400_000_000).description.split { "-T".contains($0) }.compactMap {
        Int64($0)
      }
    }
    for (text, wild, matches) in Self.scanned {
      let expression = try CronExpression(text)
      func matching(_ reading: Int64) -> Bool {
        let day = reading / 288
        let date = dates[Int(day - firstDay)]
        return matches(reading % 12 * 5, reading / 12 % 24, date[2], date[1], (day + 4) % 7)
      }
      var expected: [Int64] = []
      var latest = start + offsets[0]
      for step in 1...steps {
        let reading = start + step + offsets[Int(step)]
        if wild {
          if matching(reading) { expected.append(start + step) }
        } else if reading > latest, (latest + 1...reading).contains(where: matching) {
          expected.append(start + step)
        }
        latest = max(latest, reading)
      }
      var found: [Int64] = []
      var now = Timestamp(rawValue: start * 300_000_000)
      while let next = expression.next(after: now, in: rules), next.rawValue <= (start + steps) * 300_000_000 {
        #expect(next.rawValue % 300_000_000 == 0)
        found.append(next.rawValue / 300_000_000)
        now = next
      }
      #expect(found == expected, "\(text)")
      #expect(expected.count > 20)
    }
  }

  @Test("asked at any time between two ticks, the next tick is the same", arguments: Zone.allCases)
  func consistent(_ zone: Zone) throws {
    var random = SplitMix(seed: 11)
    let rules = try zone.rules
    for text in ["30 2 * * *", "*/20 1-3 * * *", "7 0 29 2 *", "10 5 4 3 2 *", "*/7 * * * * *"] {
      let expression = try CronExpression(text)
      for _ in 0..<300 {
        let start =
          time("2026-01-01T00:00:00Z") + .microseconds(Int64.random(in: 0...100_000_000_000_000, using: &random))
        let next = try #require(expression.next(after: start, in: rules))
        #expect(next > start)
        let between = start + .microseconds(Int64.random(in: 0..<(next - start).microseconds, using: &random))
        #expect(expression.next(after: between, in: rules) == next)
      }
    }
  }

  @Test("the earliest and the latest possible times cause no tick and no crash")
  func ends() throws {
    let expression = try CronExpression("* * * * *")
    #expect(expression.next(after: .init(rawValue: .max), in: .utc) == nil)
    #expect(expression.next(after: .init(rawValue: .min), in: .utc) != nil)
    #expect(try CronExpression("  */5   *\t* * *  ").description == "*/5 * * * *")
  }
}
