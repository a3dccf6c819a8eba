import IngestCore
import Testing

@Suite("Durations and sizes as text")
struct DurationTextTests {
  @Test(
    "durations are printed in the form in which they are parsed",
    arguments: [
      ("500ms", 500_000), ("10s", 10_000_000), ("5m", 300_000_000), ("1h30m", 5_400_000_000), ("7d", 604_800_000_000),
      ("0s", 0), ("1d2h3m4s5ms6us", 93_784_005_006),
    ] as [(String, Int64)])
  func reads(_ text: String, _ microseconds: Int64) {
    #expect(Duration(compact: text) == .microseconds(microseconds))
    #expect(Duration.microseconds(microseconds).compact == text)
  }

  @Test(
    "any other text is refused as a duration",
    arguments: [
      "", "10", "s", "1m1h", "1s1s", "-1s", "+1s", "1.5s", "1 s", "1S", "1w", "1s ", " 1s", "１s", "1h30", "9e9s",
      "9223372036854775807s", "106751992d", "106751991d24h",
    ])
  func refuses(_ text: String) { #expect(Duration(compact: text) == nil) }

  @Test("the ends of the range are printed without a trap")
  func ends() {
    #expect(Duration.microseconds(Int64.min).compact.hasPrefix("-106751991d"))
    #expect(Duration.microseconds(-1_500_000).compact == "-1s500ms")
    #expect(Duration.nanoseconds(1).compact == "0s")
  }

  @Test(
    "sizes are parsed in both bases, in upper and lower case",
    arguments: [
      ("512MiB", 536_870_912), ("10MB", 10_000_000), ("10mb", 10_000_000), ("4096", 4096), ("4 KiB", 4096), ("0", 0),
      ("1TB", 1_000_000_000_000), ("7B", 7),
    ])
  func sizes(_ text: String, _ bytes: Int) { #expect(ByteSize(text)?.bytes == bytes) }

  @Test(
    "any other text is refused as a size",
    arguments: ["", "MB", "-1MB", "1.5GiB", "1XB", "1  MB", "1M", "9223372036854775807KiB", "99999999999999999999"])
  func refusesSizes(_ text: String) { #expect(ByteSize(text) == nil) }

  @Test(
    "a printed size is parsed back to the same number",
    arguments: [0, 1, 999, 1000, 1024, 1536, 512 << 20, 10_000_000, 1 << 40, .max])
  func sizeRoundTrip(_ bytes: Int) { #expect(ByteSize(ByteSize(bytes: bytes).description)?.bytes == bytes) }
}
