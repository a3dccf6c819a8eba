import IngestCLI
import IngestCore
import Testing

@Suite("Numbers for users")
struct HumanFormatTests {
  @Test(
    "byte sizes are printed with a unit",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (10_240, "10 KiB"), (1_048_575, "1 MiB"),
      (327_155_712, "312 MiB"), (1 << 40, "1 TiB"),
    ])
  func sizes(_ bytes: Int, _ text: String) {
    #expect(ByteSize.text(bytes) == text)
  }

  @Test("byte sizes are parsed")
  func parsedSizes() {
    #expect(ByteSize.parse("500") == 500)
    #expect(ByteSize.parse("64K") == 65_536)
    #expect(ByteSize.parse("1.5 MiB") == 1_572_864)
    #expect(ByteSize.parse("2GB") == 2_000_000_000)
    for wrong in ["", "x", "-1", "5X", "1e99T", "9999999999T"] { #expect(ByteSize.parse(wrong) == nil, "\(wrong)") }
  }

  @Test(
    "durations are printed with a unit",
    arguments: [
      (0, "0 s"), (250, "250 µs"), (3000, "3 ms"), (999_499, "999 ms"), (1_250_000, "1.25 s"), (59_600_000, "1 min"),
      (125_000_000, "2 min 5 s"), (11_520_000_000, "3 h 12 min"), (187_200_000_000, "2 d 4 h"), (-5, "0 s"),
    ] as [(Int64, String)])
  func durations(_ microseconds: Int64, _ text: String) {
    #expect(DurationText.text(.microseconds(microseconds)) == text)
  }

  @Test("durations are parsed, and printed durations are parsed back")
  func parsedDurations() {
    for text in ["250ms", "30s", "5m", "2h", "7d", "1h30m", "0s"] {
      #expect(DurationText.parse(text).map(DurationText.exact) == text)
    }
    for wrong in ["", "5", "m", "5x", "-5s", "1h-5m", "99999999999d"] {
      #expect(DurationText.parse(wrong) == nil, "\(wrong)")
    }
  }

  @Test("times are printed relative to now")
  func relative() {
    let now = Timestamp(rawValue: 1_000_000_000_000)
    #expect(RelativeTime.text(now, now: now) == "now")
    #expect(RelativeTime.text(now + .seconds(3), now: now) == "in 3 s")
    #expect(RelativeTime.text(now + .seconds(-125), now: now) == "2 min ago")
    #expect(RelativeTime.text(now + .seconds(-432_000), now: now) == "5 d ago")
  }

  @Test("large numbers are printed in groups of three digits")
  func grouped() {
    #expect(DecimalText.grouped(1_234_567) == "1,234,567")
    #expect(DecimalText.grouped(-1000) == "-1,000")
    #expect(DecimalText.count(1, "document") == "1 document")
    #expect(DecimalText.count(1200, "match", plural: "matches") == "1,200 matches")
    #expect([0.5, 9.87, 98.76, 987.6, 0].map(DecimalText.short) == ["0.5", "9.87", "98.8", "988", "0"])
  }
}
