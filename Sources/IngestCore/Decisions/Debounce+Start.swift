extension Debounce {
  /// Returns when the job of a quick succession of submits starts: one period after the last submit, but no later than
  /// the first one allows.
  package func start(first: Timestamp, last: Timestamp) -> Timestamp { min(last + period, first + longest) }

  /// Returns the same start, or the requested time (`--delay`) if that is later.
  package func start(first: Timestamp, last: Timestamp, notBefore: Timestamp?) -> Timestamp {
    let start = start(first: first, last: last)
    return notBefore.map { max($0, start) } ?? start
  }
}
