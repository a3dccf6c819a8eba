import IngestCore

/// The line of a job's event.
enum JobEventLine {
  /// Returns the line, such as `2026-11-21T09:30:00Z  claimed by worker/3`.
  static func text(_ event: JobEvent) -> String {
    "\(event.at.description)  \(words(event).visible)"
  }

  private static func words(_ event: JobEvent) -> String {
    let place = [event.step, event.attempt.map { "attempt \($0)" }].compactMap { $0 }.joined(separator: ", ")
    switch event.event {
    case "log": return "[\(place)] \(event.text ?? "")"
    case "attempt-failed": return "\(place) failed" + (event.error.map { ": \($0.message) (\($0.code))" } ?? "")
    case "step-started": return "step \(place) began"
    case "step-completed": return "step \(place) completed"
    case "step-skipped": return "step \(place) skipped"
    case "step-inherited": return "step \(place) inherited"
    default:
      let what = event.event == "claimed-again" ? "claimed again" : event.event.replacing("-", with: " ")
      // The text of a claim is a time of the boot clock, which only checks of limits need.
      let text = event.event.hasPrefix("claimed") ? nil : event.text
      return what + (event.actor.map { " by \($0)" } ?? "") + (text.map { ": \($0)" } ?? "")
    }
  }
}
