private import IngestCore

extension ConfigurationKey {
  static let schedules: [ConfigurationKey] = [
    .init(
      schedule: "cron", .text(maximum: 1000), .text(\.cron),
      "When it ticks: five fields, six with seconds first, or `@daily` and the like. Each schedule has one of `cron`, "
        + "`every` and `at`."),
    .init(
      schedule: "every", .duration(.seconds(1) ... .seconds(366 * 86_400)),
      .init(get: { $0.every.map { .duration($0) } }, set: { $0.every = $1.duration }),
      "Ticks each time so much has passed since it was first taken over."),
    .init(schedule: "at", .time, .text(\.at), "Ticks once."),
    .init(schedule: "zone", .text(maximum: 100), .text(\.zone), "Time zone of `cron`, such as `Europe/Berlin`."),
    .init(schedule: "scan", .path, .text(\.scan), "The folder whose new and changed files a tick submits."),
    .init(schedule: "sync", .bool, .bool(\.sync), "Whether documents whose file vanished are deleted."),
    .init(
      schedule: "source", .label(maximum: NameRule.longestSource), .text(\.source),
      "The source of its jobs and of what they submit."),
    .init(schedule: "index", .label(maximum: NameRule.longestIndex), .text(\.index), "The index that they are for."),
    .init(
      schedule: "no-index", .bool, .bool(\.noIndex),
      "Whether its jobs belong to no index, as those of `job run` do; not with `index` or `scan`."),
    .init(
      schedule: "workflow", .name, .text(\.workflow),
      "What a tick runs or, with `scan`, what each document runs: `ingest` unless given."),
    .init(schedule: "task", .text(maximum: 65_536), .text(\.task), "JSON that the workflow's steps are given."),
    .init(schedule: "priority", .integer(-100...100), .integer(\.priority), "Of its jobs; higher starts earlier."),
    .init(
      schedule: "overlap", .choice(OverlapPolicy.allCases.map(\.rawValue)), .choice(\.overlap),
      "What a tick does while the run before it has not ended."),
    .init(
      schedule: "catch-up", .duration(.zero ... .seconds(366 * 86_400)), .duration(\.catchUp),
      "How late a tick is still fired that no worker was there for."),
    .init(
      schedule: "jitter", .duration(.zero ... .seconds(86_400)), .duration(\.jitter),
      "Each run starts later by up to this."),
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
