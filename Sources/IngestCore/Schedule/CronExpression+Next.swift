extension CronExpression {
  /// The first tick after `time`. It always comes; nil only stands for the end of the calendar, past the year 9000.
  ///
  /// When clocks change, as in Vixie cron: an expression for certain times of the day (`30 2 * * *`) ticks once for each of
  /// them; a time that the change skips counts at the moment of the change, and of a repeated time the first counts. One that
  /// recurs by the clock (second, minute or hour begins with `*`) ticks whenever the clock reads so: nothing for what is
  /// skipped, twice for what is repeated. Ticks never come twice at the same moment.
  package func next(after time: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
    // Years −9000 to 9000, where no arithmetic can overflow.
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
    // The latest that the clock has ever read: what it reads again after being set back has had its tick. No clock is set back
    // by more than two days.
    var reached = now + segment.offset
    var earlier = segment
    while earlier.start > now - 2 * 86_400 {
      let end = earlier.start
      earlier = zone.segment(at: end - 1)
      reached = max(reached, end - 1 + earlier.offset)
    }
    guard let local = match(atOrAfter: reached + 1) else { return nil }
    while true {
      // Before the segment's start: the change skipped it.
      let candidate = max(local - segment.offset, segment.start)
      if candidate < segment.end { return candidate }
      segment = zone.segment(at: segment.end)
    }
  }
}
