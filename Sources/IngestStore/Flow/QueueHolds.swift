import IngestCore
import IngestSQL

/// The reasons why claimable jobs do not start: pauses, and the gates that closed their lane or source. A report
/// computes the reason that people see; storing it in a million jobs would cost what lanes save.
struct QueueHolds {
  /// Everything is paused.
  let isPaused: Bool
  /// Whether `closed_until` counts from this boot: times that an earlier boot wrote are void.
  private let isThisBoot: Bool
  private let now: Timestamp
  private let uptime: Int64
  private let bootID: String
  private let limits: [Limit]

  init(_ db: Connection, now: Timestamp, uptime: Int64, bootID: String) throws {
    let flow = try db.first("SELECT paused, boot_id FROM flow") { (isPaused: $0.bool(0), boot: $0.text(1)) }
    isPaused = flow?.isPaused ?? false
    isThisBoot = flow?.boot == bootID
    self.now = now
    self.uptime = uptime
    self.bootID = bootID
    limits = try LimitEntry.stored(db).inForce.compactMap(\.limit)
  }

  /// Returns why the jobs of a lane do not start; nil if nothing holds them back.
  func hold(_ db: Connection, lane: Int64) throws -> JobHold? {
    if isPaused { return JobHold(reason: .paused, cause: "everything is paused") }
    return try db.first(
      """
      SELECT s.paused, s.name, s.closed, s.closed_until, a.kind, a.name, a.state,
        l.closed, l.closed_until, b.kind, b.name, b.state, l.workflow,
        l.workflow IN (SELECT workflow FROM paused_workflows)
      FROM lanes l JOIN sources s ON s.key = l.source_key
        LEFT JOIN gates a ON a.key = s.closed_by LEFT JOIN gates b ON b.key = l.closed_by
      WHERE l.key = \(lane)
      """
    ) { row -> JobHold? in
      if row.bool(0) { return JobHold(reason: .paused, cause: "its source \(row.text(1)) is paused") }
      if row.bool(13) { return JobHold(reason: .paused, cause: "its workflow \(row.text(12)) is paused") }
      if row.bool(2) {
        return try hold(
          kind: row.optionalText(4), name: row.optionalText(5), state: row.optionalText(6),
          until: row.optionalInt64(3))
      }
      if row.bool(7) {
        return try hold(
          kind: row.optionalText(9), name: row.optionalText(10), state: row.optionalText(11),
          until: row.optionalInt64(8))
      }
      return nil
    } ?? nil
  }

  /// Returns the lanes whose claimable jobs people see with this reason, and how many such jobs each has.
  func lanes(_ db: Connection, reason: QueuedReason) throws -> [(key: Int64, ready: Int)] {
    if reason != .ready, try !isAnythingClosed(db) { return [] }
    return try db.rows("SELECT key, ready FROM lanes") { (key: $0.int64(0), ready: $0.int(1)) }
      .filter { try (hold(db, lane: $0.key)?.reason ?? .ready) == reason }
  }

  /// Counts the claimable jobs by the reason that people see. It reads the counters of sources and closed lanes only,
  /// so the cost does not depend on how many jobs wait.
  func claimable(_ db: Connection) throws -> [QueuedReason: (count: Int, next: Timestamp?)] {
    var found: [QueuedReason: (count: Int, next: Timestamp?)] = [:]
    func add(_ count: Int, _ hold: JobHold?) {
      guard count > 0 else { return }
      let known = found[hold?.reason ?? .ready]
      found[hold?.reason ?? .ready] = (
        (known?.count ?? 0) + count, [known?.next, hold?.until].compactMap { $0 }.min()
      )
    }
    // `sources.ready` counts the jobs of open lanes, `lanes.ready` those of each.
    let open = try db.first("SELECT coalesce(sum(ready), 0) FROM sources") { $0.int(0) } ?? 0
    var held = 0
    try db.each(
      """
      SELECT s.ready, s.paused, s.closed_until, g.kind, g.name, g.state FROM sources s
        LEFT JOIN gates g ON g.key = s.closed_by
      WHERE s.ready > 0 AND (s.paused = 1 OR s.closed = 1)
      """
    ) { row in
      held += row.int(0)
      let paused = JobHold(reason: .paused, cause: "")
      try add(
        row.int(0),
        isPaused || row.bool(1)
          ? paused
          : hold(
            kind: row.optionalText(3), name: row.optionalText(4), state: row.optionalText(5),
            until: row.optionalInt64(2)))
    }
    try db.each(
      """
      SELECT sum(l.ready), min(l.closed_until), s.paused, g.kind, g.name, g.state
      FROM lanes l INDEXED BY lanes_closed JOIN sources s ON s.key = l.source_key
        LEFT JOIN gates g ON g.key = l.closed_by
      WHERE l.closed = 1 AND l.ready > 0 GROUP BY l.closed_by, s.paused
      """
    ) { row in
      let paused = JobHold(reason: .paused, cause: "")
      try add(
        row.int(0),
        isPaused || row.bool(2)
          ? paused
          : hold(
            kind: row.optionalText(3), name: row.optionalText(4), state: row.optionalText(5),
            until: row.optionalInt64(1)))
    }
    add(open - held, isPaused ? JobHold(reason: .paused, cause: "") : nil)
    return found
  }

  private func isAnythingClosed(_ db: Connection) throws -> Bool {
    if isPaused { return true }
    return try db.first(
      """
      SELECT EXISTS (SELECT 1 FROM sources WHERE paused = 1 OR closed = 1)
        OR EXISTS (SELECT 1 FROM lanes WHERE closed = 1) OR EXISTS (SELECT 1 FROM paused_workflows)
      """
    ) { $0.bool(0) } ?? false
  }

  private func hold(kind: String?, name: String?, state: String?, until: Int64?) throws -> JobHold {
    let until = isThisBoot ? until.map { now + .microseconds(max(0, $0 - uptime)) } : nil
    let name = name ?? "a limit"
    switch kind {
    case "pause": return JobHold(reason: .paused, cause: "\(name) is paused")
    case "dependency":
      guard let state = try state.map({ try JSONText.decode(DependencyState.self, $0) }) else {
        return JobHold(reason: .breakerOpen, cause: "the breaker of \(name) has no stored state", until: until)
      }
      return JobHold(dependency: name, state.resumed(at: uptime, bootID: bootID), at: uptime, until: until)
    case "concurrency":
      return JobHold(reason: .throttled, cause: "all slots of the limit '\(withAmount(name))' are taken", until: until)
    default:
      return JobHold(reason: .throttled, cause: "the limit '\(withAmount(name))' is used up for now", until: until)
    }
  }

  /// Returns a gate's name with the amount of its limit: `throttle 60/m per source: handbook`.
  private func withAmount(_ gate: String) -> String {
    let named = limits.map { (limit: $0, name: $0.id.description) }.filter { gate.hasPrefix($0.name + ": ") }
    guard let limit = named.max(by: { $0.name.count < $1.name.count })?.limit else { return gate }
    let kind = limit.id.kind.rawValue
    return "\(kind) \(limit.amount)" + gate.dropFirst(kind.count)
  }
}

extension JobHold {
  /// The reason why jobs that are parked at a dependency wait.
  fileprivate init(dependency name: String, _ state: DependencyState, at uptime: Int64, until: Timestamp?) {
    switch state.breaker.phase {
    case .open: self.init(reason: .breakerOpen, cause: "the breaker of \(name) is open", until: until)
    case .halfOpen:
      self.init(reason: .breakerOpen, cause: "the breaker of \(name) lets only probes through", until: until)
    case .closed where (state.heldUntil ?? .min) > uptime:
      self.init(reason: .throttled, cause: "\(name) asked not to be called for now", until: until)
    case .closed where (state.limitedUntil ?? .min) > uptime:
      self.init(reason: .throttled, cause: "a limit of the provider of \(name) is used up for now", until: until)
    case .closed:
      self.init(reason: .throttled, cause: "jobs that waited for \(name) start one after the other", until: until)
    }
  }
}
