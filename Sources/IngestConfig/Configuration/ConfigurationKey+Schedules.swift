private import IngestCore

extension ConfigurationKey {
  static let schedules: [ConfigurationKey] = [
    .init(
      schedule: "cron", .text(maximum: 1000), .text(\.cron),
      "The times of its ticks: five fields, six with seconds first, or a name such as `@daily`. A schedule has exactly one "
        + "of `cron`, `every` and `at`."),
    .init(
      schedule: "every", .duration(.seconds(1) ... .seconds(366 * 86_400)),
      .init(get: { $0.every.map { .duration($0) } }, set: { $0.every = $1.duration }),
      "The interval of its ticks, counted from the time when the schedule was first loaded."),
    .init(schedule: "at", .time, .text(\.at), "The time of its only tick."),
    .init(schedule: "zone", .text(maximum: 100), .text(\.zone), "The time zone of `cron`, such as `Europe/Berlin`."),
    .init(schedule: "scan", .path, .text(\.scan), "The folder whose new and changed files a tick submits."),
    .init(schedule: "sync", .bool, .bool(\.sync), "Whether a scan deletes documents whose files are gone."),
    .init(
      schedule: "source", .label(maximum: NameRule.longestSource), .text(\.source),
      "The source of its jobs and of the documents that they submit."),
    .init(schedule: "index", .label(maximum: NameRule.longestIndex), .text(\.index), "The index of its jobs."),
    .init(
      schedule: "no-index", .bool, .bool(\.noIndex),
      "Whether its jobs belong to no index, as with `job run`; not allowed with `index` or `scan`."),
    .init(
      schedule: "workflow", .name, .text(\.workflow),
      "The workflow that a tick starts or, with `scan`, the workflow of each document, `ingest` by default."),
    .init(schedule: "task", .text(maximum: 65_536), .text(\.task), "The task of the workflow's steps, as JSON."),
    .init(
      schedule: "priority", .integer(-100...100), .integer(\.priority),
      "The priority of its jobs; higher starts earlier."),
    .init(
      schedule: "overlap", .choice(OverlapPolicy.allCases.map(\.rawValue)), .choice(\.overlap),
      "What a tick does if the previous run has not ended."),
    .init(
      schedule: "catch-up", .duration(.zero ... .seconds(366 * 86_400)), .duration(\.catchUp),
      "How late a missed tick still fires if no worker ran at its time."),
    .init(
      schedule: "jitter", .duration(.zero ... .seconds(86_400)), .duration(\.jitter),
      "The longest random delay of each run."),
  ]

  private init(
    schedule field: String, _ type: SettingType, _ accessor: SettingAccessor<Configuration.Schedule>, _ summary: String
  ) {
    self.init(group: "schedules", field, type, summary) { name in
      .init(
        get: { accessor.get($0.schedules[name] ?? .init()) },
        set: { accessor.set(&$0.schedules[name, default: .init()], $1) })
    }
  }
}
