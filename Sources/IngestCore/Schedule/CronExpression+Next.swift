extension CronExpression {
  /// Returns the first tick after `time`. There is always one; nil only stands for the end of the calendar, past the
  /// year 9000.
  ///
  /// Clock changes follow Vixie cron. An expression for certain times of the day (`30 2 * * *`) ticks once for each of
  /// them: a time that the change skips ticks at the moment of the change, and a repeated time ticks the first time. An
  /// expression that recurs by the clock (second, minute or hour begins with `*`) ticks whenever the clock shows a
  /// matching time: never for skipped times, twice for repeated ones. Two ticks never happen at the same moment.
  package func next(after time: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
    // Years −9000 to 9000, in which no arithmetic can overflow.
    let bound: Int64 = 9000 * 366 * 86_400
    let now = max(-bound, time.rawValue.quotientRoundedDown(by: 1_000_000))
    guard now < bound - 2 * 366 * 86_400 else { return nil }
    let found = isWildcard ? wildcard(after: now, zone) : certain(after: now, zone)
    return found.map { Timestamp(rawValue: $0 * 1_000_000) }
  }

  private func wildcard(after now: Int64, _ zone: TimeZoneRules) -> Int64? {
    var segment = zone.segment(at: now + 1)
    var from = now + 1
    while let local = match(atOrAfter: from + segment.offset) {
      if local - segment.offset < segment.end { return local - segment.offset }
      from = segment.end
      segment = zone.segment(at: from)
    }
    return nil
  }

  private func certain(after now: Int64, _ zone: TimeZoneRules) -> Int64? {
    var segment = zone.segment(at: now)
    // The latest time that the clock has ever shown. A time that it shows again after it was set back has already had
    // its tick. No clock is set back by more than two days.
    var reached = now + segment.offset
    var earlier = segment
    while earlier.start > now - 2 * 86_400 {
      let end = earlier.start
      earlier = zone.segment(at: end - 1)
      reached = max(reached, end - 1 + earlier.offset)
    }
    guard let local = match(atOrAfter: reached + 1) else { return nil }
    while true {
      // A time before the segment's start was skipped by the change.
      let candidate = max(local - segment.offset, segment.start)
      if candidate < segment.end { return candidate }
      segment = zone.segment(at: segment.end)
    }
  }
}
