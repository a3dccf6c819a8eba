/// The error of a limit, breaker, schedule, time zone or retention that is not valid. Nothing was changed; the caller
/// asks for another text.
package enum PolicyError: FailureConvertible, Hashable {
  case correctLimit(String, problem: String)
  /// The parts of a limit contradict each other; there is at least one misfit.
  case changeLimit([Limit.Misfit])
  case correctBreaker(problem: String)
  case correctSchedule(String, problem: String)
  case correctTimeZone(problem: String)
  case correctRetention(String, problem: String)

  package var failure: Failure {
    switch self {
    case .correctLimit(let text, let problem):
      Failure(
        .permanent, code: "LIMIT_INVALID", "\"\(text)\" is not a limit: \(problem).",
        hint: "Write `60/m`, `1/4h` or `10 per 30s`, followed by ` burst 5` if some may start at once.",
        category: .invalid)
    case .changeLimit(let misfits):
      Failure(
        .permanent, code: "LIMIT_INVALID",
        "The limit is not valid: \(misfits.first?.problem ?? "its parts contradict each other").",
        hint: misfits.first.map { Hint($0.hint.prefix(1).uppercased() + $0.hint.dropFirst() + ".") } ?? "",
        category: .invalid)
    case .correctBreaker(let problem):
      Failure(
        .permanent, code: "BREAKER_INVALID", "The breaker's settings are not valid: \(problem).",
        hint: "Correct the settings, or leave them out to use the defaults.", category: .invalid)
    case .correctSchedule(let text, let problem):
      Failure(
        .permanent, code: "SCHEDULE_INVALID", "\"\(text)\" is not a schedule: \(problem).",
        hint: "Write five cron fields such as `30 2 * * mon-fri`, `@daily`, `every 90s`, or a time for one run.",
        category: .invalid)
    case .correctTimeZone(let problem):
      Failure(
        .permanent, code: "TIME_ZONE_INVALID", "The time zone cannot be used: \(problem).",
        hint: "Use a name such as `Europe/Berlin`. Debian's package tzdata contains them.", category: .invalid)
    case .correctRetention(let text, let problem):
      Failure(
        .permanent, code: "RETENTION_INVALID", "\"\(text)\" is not a retention time: \(problem).",
        hint: "Write a duration such as `7d`, or `forever`.", category: .invalid)
    }
  }
}
