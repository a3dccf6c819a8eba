extension Debounce {
  /// When the job of submits that follow each other closely starts: a period after the last one, and no later than the first
  /// one allows.
  package func start(first: Timestamp, last: Timestamp) -> Timestamp { min(last + period, first + longest) }

  /// The same beside a time that was asked for (`--delay`): the later of the two.
  package func start(first: Timestamp, last: Timestamp, notBefore: Timestamp?) -> Timestamp {
    let start = start(first: first, last: last)
    return notBefore.map { max($0, start) } ?? start
  }
}
