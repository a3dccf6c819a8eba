import IngestCore
import IngestSQL

/// A search for the jobs that a filter selects, newest first, in pages. Each page is one short read even if nothing
/// matches: a long one would keep the write-ahead log from starting again.
///
/// The indexes of the wanted states hold candidates, and so does the index of the lanes of the wanted source, index and
/// workflow. A search counts both sets, up to ``Bounds/few``. If the smaller set is that small, the search reads all of
/// it and sorts. Otherwise it walks down the keys, one window a page, and skips keys above the next candidate. Every way
/// applies the same condition, the whole filter.
struct JobSearch {
  struct Bounds {
    /// The largest number of candidates that one page reads and sorts.
    var few = 10_000
    /// The largest number of keys that one page walks over.
    var window: Int64 = 200_000
    /// The largest number of lanes that one page walks down one by one.
    var lanes = 200
  }

  /// A position in the list of jobs, newest first. Opaque: only a search makes one, and only a search of the same
  /// filter can continue from it.
  struct Cursor: Sendable {
    fileprivate var below: Int64

    static let newest = Cursor(below: .max)
  }

  struct Page {
    var keys: [Int64] = []
    /// Where the next page begins; nil after the last one.
    var next: Cursor?
  }

  /// The candidates in a part of one index.
  private struct Scan {
    /// The index and its part, as they follow `FROM jobs`.
    var sql: SQL
    /// Whether the part is in key order. Of others, SQLite reads all entries to find those in a window.
    var isInKeyOrder = false
  }

  private let db: Connection
  private let bounds: Bounds
  private let filter: JobFilter
  private let states: [JobState]
  /// The lanes whose claimable jobs are reported with the filter's reason: a JSON list of their keys.
  private let reasonLanes: String?

  /// - Parameter states: the filter's own state or, if it names none, those that the caller wants.
  init(
    _ db: Connection, _ filter: JobFilter, states: [JobState], holds: QueueHolds, bounds: Bounds
  ) throws {
    self.db = db
    self.bounds = bounds
    self.filter = filter
    self.states = filter.reason == nil ? states : states.filter { $0 == .queued }
    reasonLanes = try filter.reason.map { try JSONText.encode(holds.lanes(db, reason: $0).map(\.key)) }
  }

  /// Returns the next matching jobs. A page may hold fewer than `limit`, or none, and still have a next one.
  ///
  /// - Parameter cursor: ``Cursor/newest``, or the ``Page/next`` of the previous page.
  func page(from cursor: Cursor, limit: Int) throws -> Page {
    var top = cursor.below
    if let until = filter.until { top = min(top, try firstKey(createdAt: until + Self.slack)) }
    let bottom = try lowest()
    guard !states.isEmpty, limit > 0, var last = try highest([everything], below: top) else { return Page() }
    if cursor.below != .max {
      guard let candidate = try candidate(from: last) else { return Page() }
      last = candidate
    }
    guard last >= bottom else { return Page() }
    let (scans, isWhole) = try scans()
    // Most searches find enough jobs among the newest, so the first window is short.
    let window = cursor.below == .max ? max(1, bounds.window / 20) : bounds.window
    let floor = isWhole ? bottom : max(bottom, last - window + 1)
    var keys = try scans.flatMap { scan in
      try db.rows(
        """
        SELECT key FROM jobs \(sql: scan.sql) AND key <= \(last) AND key >= \(floor) AND \(sql: condition)
        ORDER BY key DESC LIMIT \(limit)
        """
      ) { $0.int64(0) }
    }
    keys.sort(by: >)
    if keys.count >= limit {
      keys.removeLast(keys.count - limit)
      return Page(keys: keys, next: keys.last.map(Cursor.init))
    }
    return Page(keys: keys, next: floor > bottom ? Cursor(below: floor) : nil)
  }

  /// Returns the first key at which a window can begin: this one or a lower one; nil if no candidate is left.
  private func candidate(from key: Int64) throws -> Int64? {
    guard isSelective else { return key }
    // Where the wanted states are dense, the next job has one of them. The jump reads the whole part of an index that is
    // not in key order, so it is worth it only across a stretch of other states.
    if filter.code == nil, filter.step == nil {
      let state = try db.first("SELECT state FROM jobs WHERE key = \(key)") { JobState(rawValue: $0.text(0)) } ?? nil
      if let state, states.contains(state) { return key }
    }
    return try highest(byState, below: key + 1)
  }

  // MARK: Choice

  /// Returns the scans of a page, and whether it reads all of them or one window of keys.
  private func scans() throws -> (scans: [Scan], isWhole: Bool) {
    let isTimed = filter.since != nil || filter.until != nil
    let sized = isSelective || isTimed ? try byState.map { (scan: $0, size: try size($0)) } : nil
    let stateSize = sized?.reduce(0) { $0 + $1.size } ?? .max
    let lanes = try laneKeys()
    let laneSize = try lanes.map { try size(byLane($0)) } ?? .max
    if let lanes, laneSize <= min(stateSize, bounds.few) { return ([byLane(lanes)], true) }
    // A window of states is read from their own indexes, unless one of them is large and not in key order.
    if let sized, stateSize <= bounds.few || sized.allSatisfy({ $0.scan.isInKeyOrder || $0.size <= bounds.few }) {
      return (sized.map(\.scan), stateSize <= bounds.few)
    }
    if let lanes, lanes.count <= bounds.lanes { return (lanes.map { byLane([$0]) }, false) }
    return ([everything], false)
  }

  /// Whether ``byState`` leaves out jobs even without times in the filter.
  private var isSelective: Bool {
    states.count < JobState.allCases.count || filter.code != nil || filter.step != nil
  }

  /// Counts the candidates of a scan, up to one more than ``Bounds/few``.
  private func size(_ scan: Scan) throws -> Int {
    let some: SQL = "SELECT 1 FROM jobs \(sql: scan.sql) LIMIT \(bounds.few + 1)"
    return try db.first("SELECT count(*) FROM (\(sql: some))") { $0.int(0) } ?? 0
  }

  // MARK: Indexes

  private var everything: Scan { Scan(sql: "NOT INDEXED WHERE 1", isInKeyOrder: true) }

  /// The jobs of the wanted states and reason; only those with an error if the filter names its code or step.
  private var byState: [Scan] {
    let dead = Scan(sql: "INDEXED BY jobs_dead WHERE state = 'dead'", isInKeyOrder: true)
    if filter.code != nil || filter.step != nil {
      let failed = Scan(
        sql: "INDEXED BY jobs_failed WHERE error IS NOT NULL AND state <> 'dead'", isInKeyOrder: true)
      // Completed jobs have no error.
      let hasOthers = states.contains { $0 != .dead && $0 != .completed }
      return (states.contains(.dead) ? [dead] : []) + (hasOthers ? [failed] : [])
    }
    return states.flatMap { state -> [Scan] in
      switch state {
      case .dead: [dead]
      case .waiting: [Scan(sql: "INDEXED BY jobs_waiting WHERE state = 'waiting'", isInKeyOrder: true)]
      case .running: [Scan(sql: "INDEXED BY jobs_worker WHERE worker_key IS NOT NULL")]
      case .queued: queued
      case .completed, .cancelled:
        [
          Scan(
            sql: """
              INDEXED BY jobs_finished WHERE finished_at IS NOT NULL AND state = \(state.rawValue)
                AND finished_at >= \(filter.since?.rawValue ?? .min) AND finished_at < \(filter.until?.rawValue ?? .max)
              """)
        ]
      }
    }
  }

  /// The queued jobs that are reported with the wanted reason. A ready job is reported with the reason of its lane.
  private var queued: [Scan] {
    let lanes: SQL = reasonLanes.map { "lane_key IN (SELECT value FROM json_each(\($0)))" } ?? "1"
    let reason: SQL = filter.reason.map { "reason = \($0.rawValue)" } ?? "1"
    return [
      Scan(sql: "INDEXED BY jobs_ready WHERE state = 'queued' AND reason = 'ready' AND alone = 0 AND \(sql: lanes)"),
      Scan(sql: "INDEXED BY jobs_alone WHERE state = 'queued' AND reason = 'ready' AND alone = 1 AND \(sql: lanes)"),
      Scan(
        sql: "INDEXED BY jobs_reason WHERE state = 'queued' AND reason <> 'ready' AND \(sql: reason)",
        isInKeyOrder: filter.reason != nil),
    ]
  }

  private func byLane(_ lanes: [Int64]) -> Scan {
    Scan(sql: "INDEXED BY jobs_lane WHERE lane_key IN (\(list: lanes))")
  }

  /// Returns the lanes of the filter's source, index and workflow; nil if it names none of them, or if they have more
  /// than ``Bounds/few`` lanes, as under a limit per document.
  private func laneKeys() throws -> [Int64]? {
    guard filter.source != nil || filter.index != nil || filter.workflow != nil else { return nil }
    // The workflow is empty in a lane that was made before lanes had a workflow.
    let workflow: SQL = filter.workflow.map { "workflow IN (\($0), '')" } ?? "1"
    let keys = try db.rows(
      "SELECT key FROM lanes WHERE \(sql: place) AND \(sql: workflow) LIMIT \(bounds.few + 1)"
    ) { $0.int64(0) }
    return keys.count > bounds.few ? nil : keys
  }

  // MARK: Conditions

  /// The source and the index, in `jobs` as in `lanes`.
  private var place: SQL {
    var sql: SQL = "1"
    if let source = filter.source {
      sql = "\(sql: sql) AND source_key = (SELECT key FROM sources WHERE name = \(source))"
    }
    if let index = filter.index {
      sql = """
        \(sql: sql) AND generation_key IN (
          SELECT g.key FROM generations g JOIN indexes i ON i.key = g.index_key WHERE i.name = \(index))
        """
    }
    return sql
  }

  /// The whole filter. Every scan uses it, because an index knows only a part of the filter.
  private var condition: SQL {
    var sql = place
    if states.count < JobState.allCases.count {
      sql = "\(sql: sql) AND state IN (\(list: states.map(\.rawValue)))"
    }
    if let reason = filter.reason, let reasonLanes {
      sql = """
        \(sql: sql) AND CASE reason WHEN 'ready'
          THEN lane_key IN (SELECT value FROM json_each(\(reasonLanes))) ELSE reason = \(reason.rawValue) END
        """
    }
    if let workflow = filter.workflow {
      sql = "\(sql: sql) AND workflow_key IN (SELECT key FROM workflows WHERE name = \(workflow))"
    }
    if let code = filter.code { sql = "\(sql: sql) AND error ->> '$.code' = \(code)" }
    if let step = filter.step { sql = "\(sql: sql) AND error ->> '$.step' = \(step)" }
    if let since = filter.since { sql = "\(sql: sql) AND coalesce(finished_at, created_at) >= \(since.rawValue)" }
    if let until = filter.until { sql = "\(sql: sql) AND coalesce(finished_at, created_at) < \(until.rawValue)" }
    for (key, value) in filter.meta.sorted(by: { $0.key < $1.key }) {
      sql = """
        \(sql: sql) AND EXISTS (SELECT 1 FROM documents d, json_each(d.meta) m
          WHERE d.key = document_key AND m.key = \(key) AND m.value = \(value))
        """
    }
    return sql
  }

  // MARK: Keys

  /// Returns the highest key below another one that any of these scans holds.
  private func highest(_ scans: [Scan], below key: Int64) throws -> Int64? {
    try scans.compactMap { scan in
      try db.first("SELECT max(key) FROM jobs \(sql: scan.sql) AND key < \(key)") { $0.optionalInt64(0) } ?? nil
    }.max()
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
}
