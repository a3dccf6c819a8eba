import FoundationEssentials
import IngestCore
import Testing

@Suite("Time zones")
struct TimeZoneRulesTests {
  @Test(
    "clocks change at the right times",
    arguments: [
      (.berlin, "2026-03-29T00:59:59Z", 3600), (.berlin, "2026-03-29T01:00:00Z", 7200),
      (.berlin, "2026-10-25T00:59:59Z", 7200), (.berlin, "2026-10-25T01:00:00Z", 3600),
      (.newYork, "2027-03-14T06:59:59Z", -18000), (.newYork, "2027-03-14T07:00:00Z", -14400),
      (.newYork, "2026-11-01T05:59:59Z", -14400), (.newYork, "2026-11-01T06:00:00Z", -18000),
      (.lordHowe, "2026-04-04T14:59:59Z", 39600), (.lordHowe, "2026-04-04T15:00:00Z", 37800),
      (.lordHowe, "2026-10-03T15:29:59Z", 37800), (.lordHowe, "2026-10-03T15:30:00Z", 39600),
      (.casablanca, "2020-01-01T00:00:00Z", 3600), (.casablanca, "2026-02-15T01:59:59Z", 3600),
      (.casablanca, "2026-02-15T02:00:00Z", 0), (.casablanca, "2026-03-22T02:00:00Z", 3600),
      (.casablanca, "2090-06-01T00:00:00Z", 3600), (.utc, "2026-06-01T00:00:00Z", 0),
      (.berlin, "9000-07-01T00:00:00Z", 7200), (.berlin, "0001-07-01T00:00:00Z", 7200),
    ] as [(Zone, String, Int64)])
  func offsets(_ zone: Zone, _ moment: String, _ offset: Int64) throws {
    #expect(try zone.rules.offset(at: time(moment)) == offset)
  }

  @Test(
    "every form of a rule is parsed",
    arguments: [
      // Days of the year without and with 29 February, negative daylight saving, hours beyond a day, the whole year.
      ("AAA0BBB,J60/0,J61/0", "2028-03-01T12:00:00Z", 3600), ("AAA0BBB,J60/0,J61/0", "2028-02-29T12:00:00Z", 0),
      ("AAA0BBB,59/0,60/0", "2028-02-29T12:00:00Z", 3600), ("AAA0BBB,59/0,60/0", "2027-03-01T12:00:00Z", 3600),
      ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-12-01T00:00:00Z", 0),
      ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 3600),
      ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7200),
      ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3600),
      ("XXX3EDT4,0/0,J365/23", "2026-01-01T12:00:00Z", -14400),
      ("XXX3EDT4,0/0,J365/23", "2026-12-31T23:59:00Z", -14400),
      ("AAA-5:30:15", "2026-01-01T00:00:00Z", 19815), ("AAA+5", "2026-01-01T00:00:00Z", -18000),
    ])
  func rules(_ rule: String, _ moment: String, _ offset: Int64) throws {
    #expect(try TimeZoneRules(posix: rule).offset(at: time(moment)) == offset)
  }

  @Test(
    "any other text is refused as a rule",
    arguments: [
      "", "A", "AA1", "AAA", "AAA25", "AAA1:60", "AAA1BBB", "AAA1BBB,M3.5.0", "AAA1BBB,M13.1.0,M4.1.0", "<>1", "<A1",
      "AAA1BBB,M3.6.0,M4.1.0", "AAA1BBB,M3.1.7,M4.1.0", "AAA1BBB,J0,J5", "AAA1BBB,366,5", "AAA1BBB,1/168,5", "AAA1 ",
      "AAA1BBB,1,5,", "AAA99999999999999999999", "A_A1", "@AA1",
    ])
  func refusesRules(_ rule: String) {
    let error = #expect(throws: PolicyError.self) { try TimeZoneRules(posix: rule) }
    #expect(error?.failure.code == "TIME_ZONE_INVALID")
  }

  @Test("a file that is truncated or has changed bytes is refused or read, without a crash")
  func damaged() throws {
    let whole = timeZoneFile(changes: [(100, 3600), (200, 0)], initial: 0, footer: "CET-1CEST,M3.5.0,M10.5.0/3")
    for length in whole.indices {
      #expect(throws: PolicyError.self) { try TimeZoneRules(bytes: Array(whole[..<length])) }
    }
    var random = SplitMix(seed: 3)
    let cron = try CronExpression("30 2 * * *")
    let wild = try CronExpression("*/7 * * * *")
    for _ in 0..<5000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let zone = try? TimeZoneRules(bytes: bytes) else { continue }
      for moment in [Timestamp(rawValue: .min), time("2026-03-28T00:00:00Z"), Timestamp(rawValue: .max)] {
        _ = zone.offset(at: moment)
        if let tick = cron.next(after: moment, in: zone) { #expect(tick > moment) }
        if let tick = wild.next(after: moment, in: zone) { #expect(tick > moment) }
      }
    }
    #expect(throws: PolicyError.self) { try TimeZoneRules(bytes: []) }
    #expect(throws: PolicyError.self) { try TimeZoneRules(bytes: Array("#!/bin/sh\n".utf8)) }
    let unsorted = timeZoneFile(changes: [(200, 3600), (100, 0)], initial: 0, footer: "")
    #expect(throws: PolicyError.self) { try TimeZoneRules(bytes: unsorted) }
    let leaps = timeZoneFile(changes: [], initial: 0, footer: "", leaps: 1)
    #expect(throws: PolicyError.self) { try TimeZoneRules(bytes: leaps) }
  }

  @Test(
    "the system's own files are read and agree with the fixtures",
    .enabled(if: FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Europe/Berlin")),
    arguments: [
      (.berlin, "Europe/Berlin"), (.newYork, "America/New_York"), (.lordHowe, "Australia/Lord_Howe"),
      (.casablanca, "Africa/Casablanca"), (.utc, "Etc/UTC"),
    ] as [(Zone, String)])
  func system(_ zone: Zone, _ name: String) throws {
    let file = try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/" + name))
    let (read, known) = (try TimeZoneRules(bytes: Array(file)), try zone.rules)
    // Every 6 hours and 11 s, for the years that the fixtures cover.
    for step in 0..<4300 {
      let moment = time("2025-01-01T00:00:00Z") + .seconds(step * 21_611)
      #expect(read.offset(at: moment) == known.offset(at: moment), "\(moment)")
    }
    if zone == .berlin { #expect(read.offset(at: time("1880-01-01T00:00:00Z")) == 3208) }
  }
}
