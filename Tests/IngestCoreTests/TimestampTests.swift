import IngestCore
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test(
    "RFC 3339 is printed as it is parsed, also in leap years and before 1970",
    arguments: [
      ("1970-01-01T00:00:00.000Z", 0), ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T12:00:00.500Z", 951_825_600_500),
      ("2024-02-29T00:00:00.000Z", 1_709_164_800_000), ("2024-12-31T23:59:59.999Z", 1_735_689_599_999),
      ("1900-03-01T00:00:00.000Z", -2_203_891_200_000), ("0001-01-01T00:00:00.000Z", -62_135_596_800_000),
      ("0000-02-29T00:00:00.000Z", -62_162_121_600_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
      ("2026-11-20T09:30:00.125Z", 1_795_167_000_125),
    ] as [(String, Int64)])
  func bothWays(_ text: String, _ milliseconds: Int64) {
    #expect(Timestamp(text) == Timestamp(rawValue: milliseconds * 1000))
    #expect(Timestamp(rawValue: milliseconds * 1000).description == text)
  }

  @Test(
    "offsets, missing and long fractions, and lower case are parsed",
    arguments: [
      ("2026-11-20T09:30:00Z", "2026-11-20T09:30:00.000Z"), ("2026-11-20t09:30:00z", "2026-11-20T09:30:00.000Z"),
      ("2026-11-20 09:30:00.1Z", "2026-11-20T09:30:00.100Z"),
      ("2026-11-20T09:30:00.123456789Z", "2026-11-20T09:30:00.123Z"),
      ("2026-11-20T00:30:00+01:00", "2026-11-19T23:30:00.000Z"),
      ("2026-12-31T23:30:00-01:30", "2027-01-01T01:00:00.000Z"),
      ("2026-11-20T09:30:00-00:00", "2026-11-20T09:30:00.000Z"), ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
    ])
  func reads(_ text: String, _ written: String) { #expect(Timestamp(text)?.description == written) }

  @Test(
    "any other text is refused as a time",
    arguments: [
      "", "2026-11-20", "2026-11-20T09:30:00", "2026-11-20T09:30Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
      "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-11-20T24:00:00Z",
      "2026-11-20T09:60:00Z", "2026-11-20T09:30:61Z", "2026-11-20T09:30:00.Z", "2026-11-20T09:30:00ZZ",
      "2026-11-20T09:30:00+1:00", "2026-11-20T09:30:00+24:00", "2026-11-20T09:30:00+01:60", "-026-11-20T09:30:00Z",
      "２026-11-20T09:30:00Z", "26-11-20T09:30:00Z",
    ])
  func refuses(_ text: String) { #expect(Timestamp(text) == nil) }

  @Test("every day of four centuries is parsed back")
  func everyDay() {
    var day = Timestamp(rawValue: -12_219_292_800_000_000)
    for _ in 0..<146_097 {
      day = day + .seconds(86_400)
      guard Timestamp(day.description) == day else {
        Issue.record("\(day.rawValue) is written as \(day)")
        return
      }
    }
  }

  @Test("microseconds are kept; only the text is shorter")
  func microseconds() {
    #expect(Timestamp("2026-11-20T09:30:00.123456Z")?.rawValue == 1_795_167_000_123_456)
    #expect(Timestamp(rawValue: -1).description == "1969-12-31T23:59:59.999Z")
  }

  @Test("sums stop at the ends of the range instead of trapping")
  func saturates() {
    let now = Timestamp(rawValue: 1_795_167_000_000_000)
    #expect((now + .seconds(Int64.max)).rawValue == .max)
    #expect((Timestamp(rawValue: -1) + .seconds(Int64.min)).rawValue == .min)
    #expect((now + .microseconds(Int64.max)).rawValue == .max)
    #expect((Timestamp(rawValue: .min) - Timestamp(rawValue: .max)).microseconds == .min)
    #expect((Duration.seconds(9_223_372_036_854) + .microseconds(999_999)).microseconds == .max)
    #expect(!Timestamp(rawValue: .max).description.isEmpty)
    #expect(!Timestamp(rawValue: .min).description.isEmpty)
  }
}
