extension ErrorTopic {
  static let configuration = ErrorTopic(
    "Configuration",
    [
      ErrorEntry(
        "CONFIG_INVALID",
        "The configuration has mistakes. Each is a cause of this error, with its file and line or its variable.",
        "Correct them; [configuration.md](configuration.md) lists every key."),
      ErrorEntry(
        "CONFIG_NOT_FOUND",
        "The file of `--config` or `$INGESTD_CONFIG` does not exist.",
        "Check the path. Without a file the defaults are in force."),
      ErrorEntry(
        "CONFIG_UNREADABLE",
        "The configuration file cannot be read.",
        "Check its permissions."),
      ErrorEntry(
        "SECRET_MISSING",
        "The variable or the file with a key is missing or empty.",
        "Set the variable of `api-key-env`, or put the key into the file of `api-key-file`."),
      ErrorEntry(
        "LIMIT_INVALID",
        "The text is not a limit, or its parts contradict each other.",
        "Write `60/m`, `1/4h` or `10 per 30s`, with ` burst 5` behind it if some may start at once."),
      ErrorEntry(
        "BREAKER_INVALID",
        "The settings of the circuit breaker contradict each other or are out of bounds.",
        "Correct them, or leave them out to use the defaults."),
      ErrorEntry(
        "RETENTION_INVALID",
        "The text is not a retention time.",
        "Write a duration such as `7d`, or `forever`."),
      ErrorEntry(
        "TIME_ZONE_INVALID",
        "The time zone is unknown, or its rules cannot be read.",
        "Use a name such as `Europe/Berlin`, or `UTC`. Debian's package `tzdata` contains the rules."),
      ErrorEntry(
        "CHUNKER_INVALID",
        "The overlap is not below the target, or the target is above the maximum.",
        "Correct `chunker.target`, `chunker.maximum` and `chunker.overlap`."),
    ])
}
