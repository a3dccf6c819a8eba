import IngestCore

/// Zones with known changes of clocks, independent of the machine's time zone package.
enum Zone: String, CaseIterable {
  case utc, berlin, newYork, lordHowe, casablanca

  var rules: TimeZoneRules {
    get throws {
      switch self {
      case .utc: .utc
      case .berlin: try TimeZoneRules(posix: "CET-1CEST,M3.5.0,M10.5.0/3")
      case .newYork: try TimeZoneRules(posix: "EST5EDT,M3.2.0,M11.1.0")
      case .lordHowe: try TimeZoneRules(posix: "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0")
      case .casablanca:
        // Clocks go back for Ramadan; the changes come from a table.
        try TimeZoneRules(
          bytes: timeZoneFile(
            changes: [
              (1_740_276_000, 0), (1_743_904_800, 3600), (1_771_120_800, 0), (1_774_144_800, 3600), (1_801_965_600, 0),
              (1_804_989_600, 3600),
            ], initial: 3600, footer: "<+01>-1"))
      }
    }
  }
}

/// Returns a time zone file of version 2, with an empty part of version 1 before it.
func timeZoneFile(changes: [(at: Int64, offset: Int32)], initial: Int32, footer: String, leaps: Int32 = 0) -> [UInt8] {
  func big(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
  func header(_ times: Int, _ types: Int) -> [UInt8] {
    let counts = [0, 0, leaps, Int32(times), Int32(types), 4].flatMap { big(Int32($0)) }
    return Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + counts
  }
  func type(_ offset: Int32) -> [UInt8] { big(offset) + [0, 0] }
  let name = Array("XXX".utf8) + [0]
  var bytes = header(0, 1) + type(0) + name
  bytes += header(changes.count, changes.count + 1) + changes.flatMap { big($0.at) }
  bytes += changes.indices.map { UInt8($0 + 1) }
  bytes += type(initial) + changes.flatMap { type($0.offset) } + name
  return bytes + Array("\n\(footer)\n".utf8)
}

/// Parses a time, so that tests are easy to read.
func time(_ text: String) -> Timestamp { Timestamp(text) ?? Timestamp(rawValue: .min) }
