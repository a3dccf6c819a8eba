import IngestCore
import IngestSQL

/// A search for the jobs that a filter selects, newest first. It uses the index that leaves the fewest rows to examine,
/// and reads one window of keys at a time. So a filter that matches nothing costs a few short reads, and not one long
/// read that keeps the write-ahead log from starting again.
///
/// The counters of `sources` say how many jobs have each state. If they are few, an index of that state finds them, and
/// they are sorted. If they are many, a walk down the keys soon finds some, and jumps over a stretch without any. The
/// jobs of a source, an index or a workflow are found by their lanes.
struct JobSearch {
  /// The limits of one read of a search.
  struct Bounds {
    /// Up to this many jobs of a state are fetched and sorted; a walk down the keys finds more.
    var few = 10_000
    /// The most keys that one page walks over.
    var window: Int64 = 200_000
    /// Up to this many claimable jobs are fetched by their lanes. This is more than ``few``, because most of them are
    /// read from the index alone.
    var claimable: Int { few * 10 }
    /// The most lanes that are walked down one by one.
    var lanes = 200
  }

  let db: Connection
  private let bounds: Bounds
  let states: [JobState]
  private let filter: JobFilter
  private let source: Int64?
  private let generations: [Int64]?
  private let workflows: [Int64]?
  /// Whether nothing can match, because a name in the filter is unknown.
  private let isVoid: Bool
  private let reasonLanes: ReasonLanes?

  /// A position in the list of jobs, newest first. Opaque: only a search makes one, and only a search of the same
  /// filter can continue from it.
  struct Cursor: Sendable {
    fileprivate var below: Int64

    static let newest = Cursor(below: .max)
  }

  struct Page {
    var keys: [Int64]
    /// Where the next page begins; nil after the last one.
    var next: Cursor?
  }

  /// The lanes whose claimable jobs are reported with the filter's reason.
  private struct ReasonLanes {
    /// A JSON list of the lanes' keys.
    var keys: String
    var ready: Int
  }

  /// - Parameter states: the filter's own states or, if it names none, those that the caller wants.
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

  /// - Parameter cursor: ``Cursor/newest``, or the ``Page/next`` of the previous page.
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
    // Most matches are among the newest jobs. So the first read is short, and only later reads jump over keys.
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

  // MARK: Access paths

  private enum Path {
    /// Walks down the keys of a place (source, index, workflow) or of all jobs, for states that many jobs have.
    case walk([JobState])
    /// Reads an index that holds only this state: walks down its keys if they are many, else reads all of them.
    case dead(isMany: Bool), waiting(isMany: Bool), running
    /// Reads the index of ended jobs, if few jobs have this state.
    case ended(JobState)
    /// Reads the three indexes that together hold all queued jobs, if these are few.
    case queued
    /// Walks down the keys that the index of reasons holds for this reason.
    case reason(QueuedReason)
    /// Reads the claimable jobs of the lanes that are reported with the reason, and the jobs that must run alone.
    case claimable
    /// Walks down the keys of the index of jobs that have an error and are not dead.
    case failed([JobState])

    /// Whether the path reads one window of keys at a time.
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
      // A completed job has no error.
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
    // A walk passes jobs of every state. So if one state needs a walk, the same walk finds the other states.
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

  /// The conditions of the filter that the paths do not check themselves.
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

  /// Returns how many jobs of all sources have a state: the indexes by state are not divided by source.
  private func count(_ state: JobState) throws -> Int {
    return try db.first(
      """
      SELECT coalesce(sum(\(raw: state.counter)), 0) FROM sources
      """
    ) { $0.int(0) } ?? 0
  }

  /// Returns how many jobs ended in this state within the filter's times. Stops counting above ``Bounds/few``; returns
  /// the largest number if the filter has no times.
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

  /// The most by which a job may be older than the job before it, since the wall clock may be set back.
  private static let slack: Duration = .seconds(600)

  /// Returns the lowest key that can match. Open jobs are filtered by their creation, which is in the order of their
  /// keys. Ended jobs are filtered by their end, which may be long after.
  private func lowest() throws -> Int64 {
    let first = try db.first("SELECT min(key) FROM jobs") { $0.optionalInt64(0) } ?? nil
    guard let since = filter.since, states.allSatisfy({ !$0.isEnd }) else { return first ?? 0 }
    return try max(first ?? 0, firstKey(createdAt: since + (.zero - Self.slack)))
  }

  /// Returns the first key of a job that was created at this time or later.
  private func firstKey(createdAt time: Timestamp) throws -> Int64 {
    try CommitOrder.firstKey(of: .jobs, from: time.rawValue, db) ?? 0
  }

  /// Returns the highest key, from `key` downwards, of a job in one of these states. It reads only the indexes by
  /// state, and not even those if the job with this key has such a state.
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

  /// The lanes that hold the jobs of a source, an index or a workflow.
  private enum Place {
    case anywhere
    /// Few jobs, in any number of lanes.
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
    // The workflow is empty in a lane that was made before lanes had a workflow.
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
