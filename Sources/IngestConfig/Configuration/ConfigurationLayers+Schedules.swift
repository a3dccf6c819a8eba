private import IngestCore

extension ConfigurationLayers {
  /// Checks the values of each schedule against each other.
  mutating func checkSchedules(_ configuration: Configuration) {
    for name in names(in: "schedules") {
      let path = "schedules.\(name)"
      checkTiming(path, configuration.schedules[name] ?? .init())
      let hasScan = given.contains("\(path).scan")
      if !hasScan, !given.contains("\(path).workflow") {
        report((named[path] ?? .builtIn), "\(path) runs nothing", hint: "add scan (a folder) or workflow")
      }
      if hasScan, let task = assignments["\(path).task"] {
        report(task.origin, "\(path) has both scan and task", hint: "keep one: scan creates the task itself")
      }
      if configuration.schedules[name]?.noIndex == true, let none = assignments["\(path).no-index"] {
        for other in ["index", "scan"] where given.contains("\(path).\(other)") {
          report(none.origin, "\(path) has both \(other) and no-index", hint: "keep one")
        }
      }
      if !hasScan, let sync = assignments["\(path).sync"] {
        report(sync.origin, "\(path) has sync but no scan", hint: "add scan, the folder to compare with")
      }
    }
  }

  private mutating func checkTiming(_ path: String, _ schedule: Configuration.Schedule) {
    let kinds = ["cron", "every", "at"].filter { given.contains("\(path).\($0)") }
    if kinds.isEmpty {
      report((named[path] ?? .builtIn), "\(path) never ticks", hint: "add one of cron, every and at")
    } else if let second = kinds.dropFirst().first {
      report(
        assignments["\(path).\(second)"]?.origin ?? (named[path] ?? .builtIn),
        "\(path) has both \(kinds[0]) and \(second)",
        hint: "keep one")
    }
    guard let cron = schedule.cron else { return }
    do throws(PolicyError) {
      _ = try CronExpression(cron)
    } catch {
      guard case .correctSchedule(_, let problem) = error else { return }
      report(
        assignments["\(path).cron"]?.origin ?? .builtIn, "\(path).cron: \"\(cron)\": \(problem)",
        hint: "write five fields such as 30 2 * * mon-fri, or @daily")
    }
  }
}
