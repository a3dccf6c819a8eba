/// One field of a cron expression: its name, its range, and the names of its values.
struct CronField {
  var name: String
  var range: ClosedRange<Int>
  var names: [String] = []

  /// A mistake, reported with the whole expression.
  struct Problem: Error {
    var text: String
  }

  static let second = CronField(name: "second", range: 0...59)
  static let minute = CronField(name: "minute", range: 0...59)
  static let hour = CronField(name: "hour", range: 0...23)
  static let day = CronField(name: "day of the month", range: 1...31)
  static let month = CronField(
    name: "month", range: 1...12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
  /// Sunday is both 0 and 7.
  static let weekday = CronField(
    name: "weekday", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

  /// Parses a list of `*`, `5`, `mon`, `1-5`, `mon-fri`, each optionally followed by a step: `*/15`, `10-50/20`, `5/10`
  /// (5, 15, … to the end).
  func read(_ text: Substring) throws(Problem) -> UInt64 {
    var set: UInt64 = 0
    for item in text.split(separator: ",", omittingEmptySubsequences: false) { set |= try read(item: item) }
    return set
  }

  private func read(item: Substring) throws(Problem) -> UInt64 {
    let halves = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let base = halves.first, !base.isEmpty else { throw Problem(text: "an entry of its \(name) is empty") }
    var (low, high) = (range.lowerBound, range.upperBound)
    if base != "*" {
      let ends = base.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      low = try value(ends[0])
      high = ends.count == 2 ? try value(ends[1]) : halves.count == 2 ? range.upperBound : low
      // `fri-sun` ends with the following Sunday.
      if ends.count == 2, names.count == 7, high == 0, low > 0 { high = 7 }
      guard low <= high else { throw Problem(text: "its \(name) \(base) runs backwards; write it as two entries") }
    }
    var step = 1
    if halves.count == 2 {
      guard let number = Self.number(halves[1]) else { throw Problem(text: "the step of its \(name) is not a number") }
      guard (1...range.upperBound - range.lowerBound).contains(number) else {
        let least = number == 0 ? "; a step is at least 1" : "; for longer intervals write `every`"
        throw Problem(text: "its \(name) has no step of \(number)\(least)")
      }
      step = number
    }
    return stride(from: low, through: high, by: step).reduce(0) { $0 | 1 << UInt64($1) }
  }

  private func value(_ text: Substring) throws(Problem) -> Int {
    if let place = names.firstIndex(of: text.lowercased()) { return place + (range.lowerBound == 1 ? 1 : 0) }
    guard let number = Self.number(text) else { throw Problem(text: "its \(name) cannot be \"\(text)\"") }
    guard range.contains(number) else {
      throw Problem(text: "its \(name) is \(number), not from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }
}
