extension ErrorTopic {
  static let schedules = ErrorTopic(
    "Schedules",
    [
      ErrorEntry(
        "SCHEDULE_NOT_FOUND",
        "There is no schedule with this name.",
        "Take the suggested name; `ingestd schedule list` shows all."),
      ErrorEntry(
        "SCHEDULE_EXISTS",
        "A schedule with this name exists.",
        "Choose another name, or remove the other one first."),
      ErrorEntry(
        "SCHEDULE_CONFIGURED",
        "The schedule is defined in the configuration, so the command line cannot remove it.",
        "Remove it from `ingestd.yaml` and restart the workers. `ingestd schedule pause NAME` stops it now."),
      ErrorEntry(
        "SCHEDULE_INVALID",
        "The text is not a schedule, or its jitter or catch-up window is out of bounds.",
        "Write five cron fields such as `30 2 * * mon-fri`, `@daily`, `every 90s`, or a time."),
      ErrorEntry(
        "SCHEDULE_EMPTY",
        "The schedule has nothing to run, or no times.",
        "Give `--scan DIR` or `--workflow NAME`, and one of `--cron`, `--every` and `--at`."),
      ErrorEntry(
        "SCHEDULE_PAST",
        "The only time of the schedule has passed.",
        "Give a time in the future."),
      ErrorEntry(
        "SCHEDULE_TASK_INVALID",
        "The task of the schedule is not valid JSON, or names no folder to scan.",
        "Give one JSON value, or `--scan DIR`, which writes the task."),
      ErrorEntry(
        "SCHEDULE_BUSY",
        "A run of the schedule has not ended, and its overlap policy is `skip`.",
        "Wait for it, or use `--overlap allow` or `queue-one`."),
    ])
}
