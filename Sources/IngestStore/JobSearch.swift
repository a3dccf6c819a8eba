import IngestCore
import IngestSQL

/// Finds the jobs that a filter selects, newest first, by whichever index leaves least to look at, a window of keys at a
/// time: a filter that nothing matches costs a few short reads, not one that holds up the log.
///
/// The counters of `sources` tell how many jobs each state has. Few are fetched by an index of that state and sorted; of
/// many some are found soon by walking down the keys.
struct JobSearch {
  /// How far a search goes in one read.
  struct Bounds {
    /// What is fetched and sorted rather than walked to.
    var few = 10_000
    /// Keys that one page walks over at most.
    var window: Int64 = 200_000
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

  struct Page {
    var keys: [Int64]
    /// Below which the next page begins; nil after the last one.
    var next: Int64?
  }

  /// The lanes whose claimable jobs people see with the filter's reason.
  private struct ReasonLanes {
    /// JSON.
    var keys: String
    var ready: Int
  }

  /// - Parameter states: in place of the filter's own where it names none.
  init(
    _ db: Connection, _ filter: JobFilter, states: [JobState], standing: Standing, bounds: Bounds
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
      let lanes = try standing.lanes(db, reason: reason)
      return ReasonLanes(keys: Self.json(lanes.map(\.key)), ready: lanes.reduce(0) { $0 + $1.ready })
    }
  }

  /// - Parameter below: where the page before said that this one begins.
  func page(below: Int64 = .max, limit: Int) throws -> Page {
    guard !isVoid, !states.isEmpty, limit > 0 else { return Page(keys: [], next: nil) }
    var top = below
    if let until = filter.until { top = min(top, try firstKey(createdAt: until + Self.slack)) }
    guard let last = try db.first("SELECT max(key) FROM jobs WHERE key < \(top)", { $0.optionalInt64(0) }) ?? nil
    else { return Page(keys: [], next: nil) }
    let bottom = try lowest()
    guard last >= bottom else { return Page(keys: [], next: nil) }
    let paths = try paths()
    let floor = paths.contains(where: \.isLong) ? max(bottom, last - bounds.window + 1) : bottom
    let range: SQL = "key <= \(last) AND key >= \(floor) AND \(sql: residual)"
    var keys = try paths.flatMap { try fetch($0, range, limit: limit) }
    keys.sort(by: >)
    if keys.count >= limit {
      keys.removeLast(keys.count - limit)
      return Page(keys: keys, next: keys.last)
    }
    return Page(keys: keys, next: floor > bottom ? floor : nil)
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

    /// Whether it is gone a window at a time.
    var isLong: Bool {
      switch self {
      case .walk: true
      case .dead(let isMany), .waiting(let isMany): isMany
      case .running, .ended, .queued: false
      }
    }
  }

  private func paths() throws -> [Path] {
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
      // None of the claimable ones is seen with the reason that is looked for.
      let ready: [Int64] =
        reasonLanes?.ready == 0
        ? []
        : try keys(
          """
          SELECT key FROM jobs INDEXED BY jobs_ready
          WHERE state = 'queued' AND reason = 'ready' AND alone = 0 AND \(sql: rest)
          """)
      return try ready
        + keys(
          """
          SELECT key FROM jobs INDEXED BY jobs_alone
          WHERE state = 'queued' AND reason = 'ready' AND alone = 1 AND \(sql: rest)
          """)
        + keys(
          "SELECT key FROM jobs INDEXED BY jobs_reason WHERE state = 'queued' AND reason <> 'ready' AND \(sql: rest)")
    case .walk(let states):
      let isAny = states.count == JobState.allCases.count
      let some: SQL = isAny ? rest : "state IN (\(list: states.map(\.rawValue))) AND \(sql: rest)"
      if source == nil, generations == nil, workflows == nil {
        return try keys("SELECT key FROM jobs NOT INDEXED WHERE \(sql: some)")
      }
      return try places().flatMap { place in
        try keys(
          """
          SELECT key FROM jobs INDEXED BY jobs_place
          WHERE source_key = \(place.source) AND generation_key = \(place.generation)
            AND workflow_key = \(place.workflow) AND \(sql: some)
          """)
      }
    }
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
    for (key, value) in filter.meta {
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
    if state == .queued, let reasonLanes, let reason = filter.reason {
      let others = try db.first(
        """
        SELECT count(*) FROM (SELECT 1 FROM jobs
          WHERE state = 'queued' AND reason <> 'ready' AND reason = \(reason.rawValue) LIMIT \(bounds.few + 1))
        """
      ) { $0.int(0) }
      // What is ready in other lanes would have to be passed over.
      let ready = try db.first("SELECT coalesce(sum(ready), 0) FROM sources") { $0.int(0) } ?? 0
      return (reasonLanes.ready > 0 ? ready : 0) + (others ?? 0)
    }
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
  private static let slack: Duration = .seconds(3600)

  /// The lowest key that can match: open jobs are as old as their keys, finished ones may have ended long after.
  private func lowest() throws -> Int64 {
    let first = try db.first("SELECT min(key) FROM jobs") { $0.optionalInt64(0) } ?? nil
    guard let since = filter.since, states.allSatisfy({ !$0.isEnd }) else { return first ?? 0 }
    return try max(first ?? 0, firstKey(createdAt: since + (.zero - Self.slack)))
  }

  /// The first key of a job that was made then or later: keys grow with time, so it is found by halving.
  private func firstKey(createdAt time: Timestamp) throws -> Int64 {
    let ends = try db.first("SELECT coalesce(min(key), 1), coalesce(max(key), 0) FROM jobs") {
      ($0.int64(0), $0.int64(1))
    }
    guard var (low, high) = ends else { return 0 }
    high += 1
    while low < high {
      let middle = low + (high - low) / 2
      let created = try db.first(
        "SELECT created_at FROM jobs WHERE key >= \(middle) ORDER BY key LIMIT 1"
      ) { $0.int64(0) }
      if let created, created < time.rawValue { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: Places

  private struct Place {
    var source: Int64
    var generation: Int64
    var workflow: Int64
  }

  /// The combinations of source, generation and workflow version that there are and that match: one look-up each.
  private func places() throws -> [Place] {
    var places: [Place] = []
    var last = Place(source: source ?? .min, generation: .min, workflow: .min)
    while true {
      let next = try db.first(
        """
        SELECT source_key, generation_key, workflow_key FROM jobs INDEXED BY jobs_place
        WHERE (source_key, generation_key, workflow_key) > (\(last.source), \(last.generation), \(last.workflow))
        ORDER BY source_key, generation_key, workflow_key LIMIT 1
        """
      ) { Place(source: $0.int64(0), generation: $0.int64(1), workflow: $0.int64(2)) }
      guard let next, source == nil || next.source == source else { return places }
      last = next
      if generations?.contains(next.generation) != false, workflows?.contains(next.workflow) != false {
        places.append(next)
      }
    }
  }

  private static func json(_ keys: [Int64]) -> String { "[" + keys.map(String.init).joined(separator: ",") + "]" }
}
