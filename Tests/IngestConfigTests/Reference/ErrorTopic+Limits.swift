extension ErrorTopic {
  static let limits = ErrorTopic(
    "Limits and breakers",
    [
      ErrorEntry(
        "SOURCE_NOT_FOUND",
        "There is no source with this name; for `submit`, the file no longer exists.",
        "`ingestd source list` shows the sources; `ingestd source set NAME --create` makes one. Check the path of a "
          + "file."),
      ErrorEntry(
        "RATE_LIMITED",
        "A rate limit refuses the submit. Nothing was accepted.",
        "Submit again at the time that the hint names, or raise the limit with `ingestd source set`."),
      ErrorEntry(
        "LIMIT_REACHED",
        "A provider's limit of requests or tokens is reached.",
        "Nothing. Waiting jobs continue by themselves."),
      ErrorEntry(
        "LIMIT_TOO_SMALL",
        "One request needs more than a provider's limit ever allows.",
        "Raise the limit, or lower the embedder's `batch-tokens`."),
      ErrorEntry(
        "DEPENDENCY_HELD",
        "A dependency asked not to be called for a while.",
        "Nothing. Waiting jobs continue by themselves; `ingestd breaker list` shows when."),
      ErrorEntry(
        "BREAKER_OPEN",
        "The circuit breaker of a dependency is open, because calls failed or a person opened it.",
        "Wait for the next probe, or close it with `ingestd breaker reset NAME`."),
      ErrorEntry(
        "BREAKER_NOT_FOUND",
        "There is no breaker with this name.",
        "`ingestd breaker list` shows them. A breaker appears after the first call to its dependency."),
    ])
}
