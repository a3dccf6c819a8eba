internal import IngestCore

/// The progress of some work, with its rate and the time left.
package struct Progress: Hashable, Sendable {
  package var done: Int
  /// Nil while the total is not known.
  package var total: Int?
  package var elapsed: Duration
  /// In the plural, such as `documents`.
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

  /// Units per second since the start; nil before 0.2 s and while nothing is done.
  package var rate: Double? {
    elapsed.seconds >= 0.2 && done > 0 ? Double(done) / elapsed.seconds : nil
  }

  /// The time left at the rate so far; nil if the rate or total is not known, or nothing is left.
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

  /// Returns the text after a bar, within `width` columns. The bar is left out if there is no room for it.
  package func line(width: Int, isUnicode: Bool) -> String {
    let text = text
    guard let fraction else { return text.shortened(to: width) }
    let room = min(30, width - text.columns - 4)
    guard room >= 6 else { return text.shortened(to: width) }
    let filled = Int(fraction * Double(room))
    let (full, empty) = isUnicode ? ("█", "░") : ("#", "-")
    return "[" + String(repeating: full, count: filled) + String(repeating: empty, count: room - filled) + "]  " + text
  }

  /// Rounds to whole seconds, at least one: an estimate is not more exact.
  private static func rounded(_ duration: Duration) -> String {
    DurationText.text(.seconds(max(1, Int64(duration.seconds.rounded()))))
  }
}
