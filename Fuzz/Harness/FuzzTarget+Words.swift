import IngestChaosCommand
import IngestCLI
import IngestCore

extension FuzzTarget {
  /// Three lines: the schedule, a POSIX time zone, and a time.
  static let schedule = FuzzTarget(
    "schedule", longest: 256,
    words: [
      "@daily", "every 90s", "*/5", "mon-fri", "jan", "29 2", "30 2 ", "CET-1CEST,M3.5.0,M10.5.0/3", "/167", "L", "?",
    ]
  ) { bytes in
    let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    let zone = lines.count > 1 ? (try? TimeZoneRules(posix: lines[1])) ?? .utc : .utc
    let number = lines.count > 2 ? Int64(lines[2]) ?? 1_767_225_600_000_000 : 1_767_225_600_000_000
    let timing: ScheduleTiming
    do throws(PolicyError) { timing = try ScheduleTiming(lines[0], from: Timestamp(rawValue: 0)) } catch {
      try require(error.failure.category == .invalid && !error.failure.message.isEmpty, "refused without a message")
      return
    }
    let again = try ScheduleTiming(timing.description, from: Timestamp(rawValue: 0))
    let start = Timestamp(rawValue: number)
    try require(
      again.next(after: start, in: zone) == timing.next(after: start, in: zone), "\(timing) reads differently")
    try follow(timing, from: start, zone)
  }

  /// A time zone file, tried with four schedules.
  static let timeZoneFile = FuzzTarget(
    "time-zone-file", longest: 8192, words: ["TZif2", "\nCET-1CEST,M3.5.0,M10.5.0/3\n"]
  ) {
    bytes in
    let zone: TimeZoneRules
    do throws(PolicyError) { zone = try TimeZoneRules(bytes: bytes) } catch {
      try require(!error.failure.message.isEmpty, "refused without a message")
      return
    }
    for text in ["30 2 * * *", "*/7 * * * *", "0 0 29 2 *", "59 59 23 31 12 *"] {
      let timing = try ScheduleTiming(text, from: Timestamp(rawValue: 0))
      for start in [0, 1_767_225_600_000_000, -62_135_596_800_000_000] as [Int64] {
        try require(abs(zone.offset(at: Timestamp(rawValue: start))) <= 26 * 3600, "an offset of more than a day")
        try follow(timing, from: Timestamp(rawValue: start), zone)
      }
    }
  }

  private static func follow(_ timing: ScheduleTiming, from start: Timestamp, _ zone: TimeZoneRules) throws {
    var time = start
    for _ in 0..<8 {
      guard let next = timing.next(after: time, in: zone) else { return }
      try require(next > time, "the tick after \(time) is \(next)")
      time = next
    }
  }

  /// A rate, a duration, a size and a time, each read from the same text.
  static let limits = FuzzTarget(
    "limits", longest: 128, words: ["/m", " burst ", " per ", "1h30m", "MiB", "T00:00:00Z", "+01:00"]
  ) {
    bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    do {
      let rate = try RateSpec(text)
      let again = try RateSpec(rate.description)
      try require(again == rate, "\(rate) reads differently")
      try require(RateSpec.limits.contains(rate.limit) && RateSpec.periods.contains(rate.period), "\(rate) is accepted")
      try require(rate.burst >= 0 && rate.delay(position: rate.burst) >= .zero, "\(rate) has no delay")
      try require(rate.delay(position: .max) >= rate.delay(position: 1), "\(rate) goes back in time")
    } catch let error as PolicyError {
      try require(!error.failure.message.isEmpty, "refused without a message")
    }
    if let duration = Duration(compact: text) {
      try require(
        duration >= .zero && Duration(compact: duration.compact) == duration, "\(duration.compact) reads differently")
    }
    if let size = ByteSize(text) {
      try require(size.bytes >= 0 && ByteSize(size.description) == size, "\(size) reads differently")
    }
    if let time = Timestamp(text) {
      guard let again = Timestamp(time.description) else { throw Broken("\(time) cannot be read") }
      try require(time >= again && time - again < .milliseconds(1), "\(time) reads differently")
    }
  }

  /// Words separated by line ends.
  static let commandLine = FuzzTarget(
    "command-line", longest: 1024,
    words: CommandTree.withChaos.specs.flatMap { $0.path + $0.options.flatMap(\.names) }
      + ["--json", "--", "-h", "help\n", "--version", "=", "-k5", "--data"]
  ) { bytes in
    let arguments = bytes.split(separator: 10, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    let tree = CommandTree.withChaos
    do {
      switch try ArgumentParser(tree: tree).parse(arguments) {
      case .help(let path): try require(!HelpText(tree: tree).text(path).isEmpty, "no help on \(path)")
      case .version: break
      case .command(let command, _): try require(!command.spec.name.isEmpty, "a command without a name")
      }
    } catch let error as UsageError {
      let failure = error.failure
      try require(failure.category.exitStatus == 2, "wrong usage ends in \(failure.category.exitStatus)")
      try require(!failure.message.isEmpty && !failure.hint.isEmpty, "wrong usage without message or hint")
      let shown = failure.message + failure.hint.description
      try require(
        !shown.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "control characters are printed")
    }
  }
}
