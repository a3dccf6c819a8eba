internal import IngestCore

/// How far something is and how long it will take: a pure value.
package struct Progress: Hashable, Sendable {
  package var done: Int
  /// Nil while it is not known how much there is.
  package var total: Int?
  package var elapsed: Duration
  /// In the plural: `documents`.
  package var unit: String

  package init(done: Int, total: Int?, elapsed: Duration, unit: String) {
    self.done = done
    self.total = total
    self.elapsed = elapsed
    self.unit = unit
  }

  /// From 0 to 1; nil without a total.
  package var fraction: Double? {
    guard let total else { return nil }
    return total <= 0 ? 1 : min(1, max(0, Double(done) / Double(total)))
  }

  /// Units a second since the start; nil until there is something to tell it by.
  package var rate: Double? {
    elapsed.seconds >= 0.2 && done > 0 ? Double(done) / elapsed.seconds : nil
  }

  /// At the rate so far; nil when it cannot be told or nothing is left.
  package var timeLeft: Duration? {
    guard let total, let rate, done < total else { return nil }
    return .seconds(min(Double(total - done) / rate, 1e9))
  }

  /// `1,024/2,000 documents  51 %  98.5/s  10 s left`.
  package var text: String {
    var parts = [DecimalText.grouped(done) + (total.map { "/" + DecimalText.grouped($0) } ?? "") + " " + unit]
    if let fraction { parts.append("\(Int(fraction * 100)) %") }
    if let rate { parts.append("\(DecimalText.short(rate))/s") }
    if let timeLeft { parts.append("\(Self.rounded(timeLeft)) left") }
    return parts.joined(separator: "  ")
  }

  /// The text with a bar before it, within `width` columns; the bar goes first when there is no room.
  package func line(width: Int, isUnicode: Bool) -> String {
    let text = text
    guard let fraction else { return text.shortened(to: width) }
    let room = min(30, width - text.columns - 4)
    guard room >= 6 else { return text.shortened(to: width) }
    let filled = Int(fraction * Double(room))
    let (full, empty) = isUnicode ? ("█", "░") : ("#", "-")
    return "[" + String(repeating: full, count: filled) + String(repeating: empty, count: room - filled) + "]  " + text
  }

  /// Whole seconds: tenths of a guess say nothing.
  private static func rounded(_ duration: Duration) -> String {
    DurationText.text(.seconds(max(1, Int64(duration.seconds.rounded()))))
  }
}
