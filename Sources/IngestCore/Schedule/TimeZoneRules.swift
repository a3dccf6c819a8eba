/// The clock changes of a place, past and future, read from the bytes of a time zone file (TZif, RFC 9636).
/// FoundationEssentials knows no time zone rules, and Foundation costs 58 MB.
package struct TimeZoneRules: Hashable, Sendable {
  /// UTC seconds since 1970 from which the entry of ``offsets`` at the same position applies; ascending.
  private var times: [Int64]
  /// Seconds east of UTC.
  private var offsets: [Int64]
  /// The offset before the first change.
  private var initial: Int64
  /// The rule after the last change.
  private var footer: PosixTimeZone?

  /// A period with one offset, from `start` until before `end`, in UTC seconds.
  struct Segment: Hashable {
    var start: Int64
    var end: Int64
    var offset: Int64
  }

  package static let utc = TimeZoneRules(times: [], offsets: [], initial: 0, footer: nil)

  private init(times: [Int64], offsets: [Int64], initial: Int64, footer: PosixTimeZone?) {
    self.times = times
    self.offsets = offsets
    self.initial = initial
    self.footer = footer
  }

  /// Parses a POSIX text such as `CET-1CEST,M3.5.0,M10.5.0/3`.
  /// - Throws: ``PolicyError/correctTimeZone(problem:)``.
  package init(posix text: String) throws(PolicyError) {
    guard let rule = PosixTimeZone(text.utf8) else {
      throw .correctTimeZone(problem: "\"\(text)\" is not a POSIX time zone")
    }
    self.init(times: [], offsets: [], initial: rule.standard, footer: rule)
  }

  /// Parses the bytes of a time zone file, such as `/usr/share/zoneinfo/Europe/Berlin`.
  /// - Throws: ``PolicyError/correctTimeZone(problem:)`` for anything else, including damaged files and files with leap
  /// seconds.
  package init(bytes: [UInt8]) throws(PolicyError) {
    var reader = Reader(rest: bytes[...])
    guard let first = reader.header() else { throw .correctTimeZone(problem: "the file is not a time zone file") }
    var header = first
    let damaged = PolicyError.correctTimeZone(problem: "the time zone file is damaged")
    if header.version >= UInt8(ascii: "2") {
      guard reader.skip(header.length(timeSize: 4)), let second = reader.header() else { throw damaged }
      header = second
    }
    let wide = header.version >= UInt8(ascii: "2")
    guard header.leaps == 0 else {
      throw .correctTimeZone(problem: "the file counts leap seconds (one under `right/`), which no system clock does")
    }
    guard header.types > 0, reader.rest.count >= header.length(timeSize: wide ? 8 : 4) else { throw damaged }
    var times: [Int64] = []
    for _ in 0..<header.times {
      guard let time = reader.integer(wide ? 8 : 4) else { throw damaged }
      // The smallest and largest 64-bit values stand for "always"; the difference of two times must not overflow.
      times.append(min(max(time, -(1 << 60)), 1 << 60))
    }
    guard zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }) else { throw damaged }
    let indices = Array(reader.rest.prefix(header.times))
    _ = reader.skip(header.times)
    var types: [Int64] = []
    for _ in 0..<header.types {
      // An offset, then one byte for daylight saving and one for the name, which are not needed here.
      guard let offset = reader.integer(4), abs(offset) <= 26 * 3600, reader.skip(2) else { throw damaged }
      types.append(offset)
    }
    guard indices.allSatisfy({ Int($0) < types.count }), reader.skip(header.length(timeSize: 0, from: 2)) else {
      throw damaged
    }
    var footer: PosixTimeZone?
    if wide {
      guard reader.rest.first == 10, let end = reader.rest.dropFirst().firstIndex(of: 10) else { throw damaged }
      let text = reader.rest[(reader.rest.startIndex + 1)..<end]
      footer = PosixTimeZone(text)
      guard footer != nil || text.isEmpty else { throw damaged }
    }
    self.init(times: times, offsets: indices.map { types[Int($0)] }, initial: types[0], footer: footer)
  }

  /// Returns the offset in seconds east of UTC.
  package func offset(at time: Timestamp) -> Int64 {
    segment(at: time.rawValue.quotientRoundedDown(by: 1_000_000)).offset
  }

  func segment(at time: Int64) -> Segment {
    // Finds the number of changes up to then, by bisection.
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    if low == times.count, let footer {
      var segment = footer.segment(at: time)
      if let last = times.last { segment.start = max(segment.start, last) }
      return segment
    }
    return Segment(
      start: low > 0 ? times[low - 1] : .min, end: low < times.count ? times[low] : .max,
      offset: low > 0 ? offsets[low - 1] : initial)
  }

  private struct Header {
    var version: UInt8
    var utcMarks: Int
    var standardMarks: Int
    var leaps: Int
    var times: Int
    var types: Int
    var characters: Int

    /// Returns the size of the block after the header, in bytes; `from: 2` leaves out times, indices and types.
    func length(timeSize: Int, from part: Int = 0) -> Int {
      let tail = characters + leaps * (timeSize + 4) + standardMarks + utcMarks
      return part == 0 ? times * (timeSize + 1) + types * 6 + tail : tail
    }
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func skip(_ count: Int) -> Bool {
      guard rest.count >= count else { return false }
      rest = rest.dropFirst(count)
      return true
    }

    /// Reads a big-endian signed integer.
    mutating func integer(_ size: Int) -> Int64? {
      guard rest.count >= size else { return nil }
      var value: Int64 = (rest.first ?? 0) >= 128 ? -1 : 0
      for byte in rest.prefix(size) { value = value << 8 | Int64(byte) }
      rest = rest.dropFirst(size)
      return value
    }

    mutating func header() -> Header? {
      guard rest.starts(with: "TZif".utf8), rest.count >= 44 else { return nil }
      let version = rest[rest.startIndex + 4]
      rest = rest.dropFirst(20)
      var counts: [Int] = []
      for _ in 0..<6 {
        // No real file has more than a few thousand entries of any kind.
        guard let count = integer(4), (0...1_000_000).contains(count) else { return nil }
        counts.append(Int(count))
      }
      return Header(
        version: version, utcMarks: counts[0], standardMarks: counts[1], leaps: counts[2], times: counts[3],
        types: counts[4], characters: counts[5])
    }
  }
}
