/// A limit, breaker, schedule or time zone that cannot be meant. Callers ask for another text; nothing was changed.
package enum PolicyError: FailureConvertible, Hashable {
  case correctLimit(String, problem: String)
  /// Its parts do not go together; at least one misfit.
  case changeLimit([Limit.Misfit])
  case correctBreaker(problem: String)
  case correctSchedule(String, problem: String)
  case correctTimeZone(problem: String)
  case correctRetention(String, problem: String)

  package var failure: Failure {
    switch self {
    case .correctLimit(let text, let problem):
      Failure(
        .permanent, code: "LIMIT_INVALID", "\"\(text)\" is no limit: \(problem).",
        hint: "Write `60/m`, `1/4h` or `10 per 30s`, with ` burst 5` behind it if some may start at once.",
        category: .invalid)
    case .changeLimit(let misfits):
      Failure(
        .permanent, code: "LIMIT_INVALID",
        "The limit cannot be kept: \(misfits.first?.problem ?? "its parts do not go together").",
        hint: misfits.first.map { Hint($0.hint.prefix(1).uppercased() + $0.hint.dropFirst() + ".") } ?? "",
        category: .invalid)
    case .correctBreaker(let problem):
      Failure(
        .permanent, code: "BREAKER_INVALID", "The breaker cannot work: \(problem).",
        hint: "Correct the breaker's settings, or leave them out for the defaults.", category: .invalid)
    case .correctSchedule(let text, let problem):
      Failure(
        .permanent, code: "SCHEDULE_INVALID", "\"\(text)\" is no schedule: \(problem).",
        hint: "Write five cron fields such as `30 2 * * mon-fri`, `@daily`, `every 90s`, or a time for one run.",
        category: .invalid)
    case .correctTimeZone(let problem):
      Failure(
        .permanent, code: "TIME_ZONE_INVALID", "The time zone cannot be used: \(problem).",
        hint: "Name one as `Europe/Berlin`; Debian's package tzdata brings them.", category: .invalid)
    case .correctRetention(let text, let problem):
      Failure(
        .permanent, code: "RETENTION_INVALID", "\"\(text)\" is no time to keep things: \(problem).",
        hint: "Write a duration such as `7d`, or `forever`.", category: .invalid)
    }
  }
}
