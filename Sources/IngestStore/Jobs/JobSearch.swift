import IngestCore
import IngestSQL

/// Finds the jobs that a filter selects, newest first, by whichever index leaves least to look at, a window of keys at a
/// time: a filter that nothing matches costs a few short reads, not one that holds up the log.
///
/// The counters of `sources` tell how many jobs each state has. Few are fetched by an index of that state and sorted; of
/// many some are found soon by walking down the keys, and a stretch without any is jumped over. The jobs of a source, an
/// index or a workflow are found by their lanes.
struct JobSearch {
  /// How far a search goes in one read.
  struct Bounds {
    /// What is fetched and sorted rather than walked to.
    var few = 10_000
    /// Keys that one page walks over at most.
    var window: Int64 = 200_000
    /// Claimable jobs that are fetched by their lanes rather than walked to: nothing but the index is read of most.
    var claimable: Int { few * 10 }
    /// Lanes that are walked down one by one.
    var lanes = 200
  }

  let db: Connection
  private let bounds: Bounds
  let states: [JobState]
  private let filter: JobFilter
  private let source: Int64?
  private let generations: [Int64]?
  private let workflows: [Int64]?
  /// Nothing can match: a name of the filter is unknown.
  private let isVoid: Bool
  private let reasonLanes: ReasonLanes?

  /// A place in the list of jobs, newest first. Opaque: only a search makes one, and only a search of the same filter can
  /// continue from it.
  struct Cursor: Sendable {
    fileprivate var below: Int64

    static let newest = Cursor(below: .max)
  }

  struct Page {
    var keys: [Int64]
    /// Where the next page begins; nil after the last one.
    var next: Cursor?
  }

  /// The lanes whose claimable jobs people see with the filter's reason.
  private struct ReasonLanes {
    /// JSON.
    var keys: String
    var ready: Int
  }

  /// - Parameter states: in place of the filter's own where it names none.
  init(
    _ db: Connection, _ filter: JobFilter, states: [JobState], holds: QueueHolds, bounds: Bounds
  ) throws {
    self.db = db
    self.bounds = bounds
    self.filter = filter
    self.states = filter.reason != nil ? states.filter { $0 == .queued } : states
    source = try filter.source.flatMap { name in
      try db.first("SELECT key FROM sources WHERE name = \(name)") { $0.int64(0) }
    }
    generations = try filter.index.map { name in
      try db.rows(
        "SELECT g.key FROM generations g JOIN indexes i ON i.key = g.index_key WHERE i.name = \(name)"
      ) { $0.int64(0) }
    }
    workflows = try filter.workflow.map { name in
      try db.rows("SELECT key FROM workflows WHERE name = \(name)") { $0.int64(0) }
    }
    isVoid = (filter.source != nil && source == nil) || generations?.isEmpty == true || workflows?.isEmpty == true
    reasonLanes = try filter.reason.map { reason in
      let lanes = try holds.lanes(db, reason: reason)
      return ReasonLanes(keys: Self.json(lanes.map(\.key)), ready: lanes.reduce(0) { $0 + $1.ready })
    }
  }

  /// - Parameter cursor: where the page before said that this one begins.
  func page(from cursor: Cursor, limit: Int) throws -> Page {
    let below = cursor.below
    guard !isVoid, !states.isEmpty, limit > 0 else { return Page(keys: [], next: nil) }
    var top = below
    if let until = filter.until { top = min(top, try firstKey(createdAt: until + Self.slack)) }
    guard var last = try db.first("SELECT max(key) FROM jobs WHERE key < \(top)", { $0.optionalInt64(0) }) ?? nil
    else { return Page(keys: [], next: nil) }
    let bottom = try lowest()
    let paths = try paths()
    if below != .max, paths.count == 1, case .walk(let walked) = paths[0] {
      guard let next = try lastKey(of: walked, from: last) else { return Page(keys: [], next: nil) }
      last = next
    }
    guard last >= bottom else { return Page(keys: [], next: nil) }
    // What is looked for is mostly among the newest: the first look is short, and the jump comes after it.
    let window = below == .max ? max(1, bounds.window / 20) : bounds.window
    let floor = paths.contains(where: \.isLong) ? max(bottom, last - window + 1) : bottom
    let range: SQL = "key <= \(last) AND key >= \(floor) AND \(sql: residual)"
    var keys = try paths.flatMap { try fetch($0, range, limit: limit) }
    keys.sort(by: >)
    if keys.count >= limit {
      keys.removeLast(keys.count - limit)
      return Page(keys: keys, next: keys.last.map(Cursor.init))
    }
    return Page(keys: keys, next: floor > bottom ? Cursor(below: floor) : nil)
  }

  // MARK: Ways to the jobs

  private enum Path {
    /// Down the keys of a place (source, index, workflow), or of all jobs: those in states that have many.
    case walk([JobState])
    /// Down the keys of an index that holds one state alone, or all of it.
    case dead(isMany: Bool), waiting(isMany: Bool), running
    /// By the index of what has ended, when it is few.
    case ended(JobState)
    /// By the three indexes that hold all that is queued, when it is few.
    case queued
    /// Down the keys of the index that holds the reason in order.
    case reason(QueuedReason)
    /// The claimable jobs of the lanes that people see with the reason, and those that run alone.
    case claimable
    /// Down the keys of what has an error and is not dead.
    case failed([JobState])

    /// Whether it is gone a window at a time.
    var isLong: Bool {
      switch self {
      case .walk, .reason, .failed: true
      case .dead(let isMany), .waiting(let isMany): isMany
      case .running, .ended, .queued, .claimable: false
      }
    }
  }

  private func paths() throws -> [Path] {
    if filter.code != nil || filter.step != nil {
      // What has completed has no error.
      let failed = states.filter { $0 != .dead && $0 != .completed }
      return (states.contains(.dead) ? [.dead(isMany: true)] : []) + (failed.isEmpty ? [] : [.failed(failed)])
    }
    if let reason = filter.reason, let reasonLanes {
      guard reasonLanes.ready <= bounds.claimable else { return [.walk(states)] }
      return [.reason(reason), .claimable]
    }
    var paths: [Path] = []
    var walked: [JobState] = []
    for state in states {
      let isMany = try count(state) > bounds.few
      switch state {
      case .dead: paths.append(.dead(isMany: isMany))
      case .waiting: paths.append(.waiting(isMany: isMany))
      case .running: paths.append(.running)
      case .completed, .cancelled:
        if try isMany && finishedInTime(state) > bounds.few {
          walked.append(state)
        } else {
          paths.append(.ended(state))
        }
      case .queued:
        if isMany { walked.append(state) } else { paths.append(.queued) }
      }
    }
    // A walk passes all states by: what is many decides, and the rest comes along.
    if states.count == JobState.allCases.count, !walked.isEmpty { return [.walk(states)] }
    return walked.isEmpty ? paths : paths + [.walk(walked)]
  }

  private func fetch(_ path: Path, _ range: SQL, limit: Int) throws -> [Int64] {
    let rest: SQL = "\(sql: range) ORDER BY key DESC LIMIT \(limit)"
    switch path {
    case .dead:
      return try keys("SELECT key FROM jobs INDEXED BY jobs_dead WHERE state = 'dead' AND \(sql: rest)")
    case .waiting:
      return try keys("SELECT key FROM jobs INDEXED BY jobs_waiting WHERE state = 'waiting' AND \(sql: rest)")
    case .running:
      return try keys(
        """
        SELECT key FROM jobs INDEXED BY jobs_worker WHERE worker_key IS NOT NULL AND state = 'running' AND \(sql: rest)
        """)
    case .ended(let state):
      return try keys(
        """
        SELECT key FROM jobs INDEXED BY jobs_finished
        WHERE finished_at IS NOT NULL AND state = \(state.rawValue)
          AND finished_at >= \(filter.since?.rawValue ?? .min) AND finished_at < \(filter.until?.rawValue ?? .max)
          AND \(sql: rest)
        """)
    case .queued:
      return try keys(
        """
        SELECT key FROM jobs INDEXED BY jobs_ready
        WHERE state = 'queued' AND reason = 'ready' AND alone = 0 AND \(sql: rest)
        """)
        + alone(rest)
        + keys(
          "SELECT key FROM jobs INDEXED BY jobs_reason WHERE state = 'queued' AND reason <> 'ready' AND \(sql: rest)")
    case .reason(let reason):
      return try keys(
        """
        SELECT key FROM jobs INDEXED BY jobs_reason
        WHERE state = 'queued' AND reason <> 'ready' AND reason = \(reason.rawValue) AND \(sql: rest)
        """)
    case .claimable:
      guard let reasonLanes, reasonLanes.ready > 0 else { return try alone(rest) }
      return try alone(rest)
        + keys(
          """
          SELECT key FROM jobs INDEXED BY jobs_ready
          WHERE state = 'queued' AND reason = 'ready' AND alone = 0
            AND lane_key IN (SELECT value FROM json_each(\(reasonLanes.keys))) AND \(sql: rest)
          """)
    case .failed(let states):
      return try keys(
        """
        SELECT key FROM jobs INDEXED BY jobs_failed
        WHERE error IS NOT NULL AND state <> 'dead' AND state IN (\(list: states.map(\.rawValue))) AND \(sql: rest)
        """)
    case .walk(let states):
      let isAny = states.count == JobState.allCases.count
      let some: SQL = isAny ? rest : "state IN (\(list: states.map(\.rawValue))) AND \(sql: rest)"
      switch try place() {
      case .anywhere: return try keys("SELECT key FROM jobs NOT INDEXED WHERE \(sql: some)")
      case .few(let lanes):
        return try keys(
          "SELECT key FROM jobs INDEXED BY jobs_lane WHERE lane_key IN (\(sql: lanes)) AND \(sql: some)")
      case .lanes(let lanes):
        return try lanes.flatMap { lane in
          try keys("SELECT key FROM jobs INDEXED BY jobs_lane WHERE lane_key = \(lane) AND \(sql: some)")
        }
      }
    }
  }

  private func alone(_ rest: SQL) throws -> [Int64] {
    try keys(
      """
      SELECT key FROM jobs INDEXED BY jobs_alone
      WHERE state = 'queued' AND reason = 'ready' AND alone = 1 AND \(sql: rest)
      """)
  }

  private func keys(_ sql: SQL) throws -> [Int64] { try db.rows(sql) { $0.int64(0) } }

  /// What the jobs on the way must be besides.
  private var residual: SQL {
    var sql: SQL = "1"
    if let source { sql = "\(sql: sql) AND source_key = \(source)" }
    if let generations {
      sql = "\(sql: sql) AND generation_key IN (SELECT value FROM json_each(\(Self.json(generations))))"
    }
    if let workflows {
      sql = "\(sql: sql) AND workflow_key IN (SELECT value FROM json_each(\(Self.json(workflows))))"
    }
    if let code = filter.code { sql = "\(sql: sql) AND error ->> '$.code' = \(code)" }
    if let step = filter.step { sql = "\(sql: sql) AND error ->> '$.step' = \(step)" }
    if let since = filter.since {
      sql = "\(sql: sql) AND coalesce(finished_at, created_at) >= \(since.rawValue)"
    }
    if let until = filter.until {
      sql = "\(sql: sql) AND coalesce(finished_at, created_at) < \(until.rawValue)"
    }
    if let reason = filter.reason, let reasonLanes {
      sql = """
        \(sql: sql) AND CASE reason WHEN 'ready'
          THEN lane_key IN (SELECT value FROM json_each(\(reasonLanes.keys))) ELSE reason = \(reason.rawValue) END
        """
    }
    for (key, value) in filter.meta.sorted(by: { $0.key < $1.key }) {
      sql = """
        \(sql: sql) AND EXISTS (SELECT 1 FROM documents d, json_each(d.meta) m
          WHERE d.key = document_key AND m.key = \(key) AND m.value = \(value))
        """
    }
    return sql
  }

  // MARK: Counts and bounds

  /// How many jobs have a state: the indexes by state hold those of all sources.
  private func count(_ state: JobState) throws -> Int {
    return try db.first(
      """
      SELECT coalesce(sum(\(raw: state.counter)), 0) FROM sources
      """
    ) { $0.int(0) } ?? 0
  }

  /// How many jobs ended in this state within the filter's times, as far as ``few`` goes.
  private func finishedInTime(_ state: JobState) throws -> Int {
    guard filter.since != nil || filter.until != nil else { return .max }
    return try db.first(
      """
      SELECT count(*) FROM (SELECT 1 FROM jobs
        WHERE finished_at IS NOT NULL AND state = \(state.rawValue)
          AND finished_at >= \(filter.since?.rawValue ?? .min) AND finished_at < \(filter.until?.rawValue ?? .max)
        LIMIT \(bounds.few + 1))
      """
    ) { $0.int(0) } ?? 0
  }

  /// Wall clocks are set: a job may be older than the one before it, by so much.
  private static let slack: Duration = .seconds(600)

  /// The lowest key that can match: open jobs are as old as their keys, finished ones may have ended long after.
  private func lowest() throws -> Int64 {
    let first = try db.first("SELECT min(key) FROM jobs") { $0.optionalInt64(0) } ?? nil
    guard let since = filter.since, states.allSatisfy({ !$0.isEnd }) else { return first ?? 0 }
    return try max(first ?? 0, firstKey(createdAt: since + (.zero - Self.slack)))
  }

  /// The first key of a job that was made then or later.
  private func firstKey(createdAt time: Timestamp) throws -> Int64 {
    try CommitOrder.firstKey(of: .jobs, from: time.rawValue, db) ?? 0
  }

  /// The highest key, from one downwards, of a job in these states. Only keys are read, and none where that one has such
  /// a state itself.
  private func lastKey(of states: [JobState], from key: Int64) throws -> Int64? {
    let state = try db.first("SELECT state FROM jobs WHERE key = \(key)") { try JobState(stored: $0.text(0)) }
    if let state, states.contains(state) { return key }
    return try states.flatMap { state -> [SQL] in
      switch state {
      case .completed, .cancelled:
        ["INDEXED BY jobs_finished WHERE finished_at IS NOT NULL AND state = \(state.rawValue)"]
      case .dead: ["INDEXED BY jobs_dead WHERE state = 'dead'"]
      case .waiting: ["INDEXED BY jobs_waiting WHERE state = 'waiting'"]
      case .running: ["INDEXED BY jobs_worker WHERE worker_key IS NOT NULL"]
      case .queued:
        [
          "INDEXED BY jobs_ready WHERE state = 'queued' AND reason = 'ready' AND alone = 0",
          "INDEXED BY jobs_alone WHERE state = 'queued' AND reason = 'ready' AND alone = 1",
          "INDEXED BY jobs_reason WHERE state = 'queued' AND reason <> 'ready'",
        ]
      }
    }.compactMap { some in
      try db.first("SELECT max(key) FROM jobs \(sql: some) AND key <= \(key)") { $0.optionalInt64(0) } ?? nil
    }.max()
  }

  // MARK: Places

  /// Where the jobs of a source, an index or a workflow are.
  private enum Place {
    case anywhere
    /// Few jobs, in whatever number of lanes.
    case few(SQL)
    case lanes([Int64])
  }

  private func place() throws -> Place {
    guard source != nil || generations != nil || workflows != nil else { return .anywhere }
    var lanes: SQL = "SELECT key FROM lanes WHERE 1"
    if let source { lanes = "\(sql: lanes) AND source_key = \(source)" }
    if let generations {
      lanes = "\(sql: lanes) AND generation_key IN (SELECT value FROM json_each(\(Self.json(generations))))"
    }
    // Lanes that are older than the names of workflows in them have none.
    if let workflow = filter.workflow { lanes = "\(sql: lanes) AND workflow IN (\(workflow), '')" }
    if let source {
      let jobs = try db.first(
        "SELECT queued + running + waiting + completed + cancelled + dead FROM sources WHERE key = \(source)"
      ) { $0.int(0) }
      if let jobs, jobs <= bounds.few { return .few(lanes) }
    }
    let found = try db.rows("\(sql: lanes) LIMIT \(bounds.lanes + 1)") { $0.int64(0) }
    return found.count <= bounds.lanes ? .lanes(found) : .anywhere
  }

  private static func json(_ keys: [Int64]) -> String { "[" + keys.map(String.init).joined(separator: ",") + "]" }
}
