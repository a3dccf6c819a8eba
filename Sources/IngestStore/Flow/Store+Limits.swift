package import IngestCore
import IngestSQL

/// Limits, weights and pauses. A change raises the version of the rules in its own transaction: the next claim of any
/// worker reads the new rules and checks again everything that is closed.
extension Store: LimitStore {
  package func limits() async throws -> [LimitEntry] {
    try await read { db in try LimitEntry.stored(db) }
  }

  package func setLimits(_ changes: [LimitChange], actor: String) async throws {
    try await write { transaction in
      for change in changes {
        switch change {
        case .set(let limit): try transaction.store(.limit(limit.live), actor: actor)
        case .lift(let id): try transaction.store(.lift(id), actor: actor)
        case .reset(let id): try transaction.remove(id, of: .live)
        }
        try transaction.journal("limit-changed", actor: actor, data: change.journalText)
      }
      try transaction.changeRules()
    }
  }

  package func configure(_ flow: ConfiguredFlow, actor: String) async throws -> Bool {
    let known = try await read { db in
      try db.first("SELECT configuration FROM flow") { $0.optionalText(0) } ?? nil
    }
    guard known != flow.fingerprint else { return false }
    return try await write { transaction in
      let db = transaction.db
      let changed = try db.run(
        "UPDATE flow SET configuration = \(flow.fingerprint) WHERE configuration IS NOT \(flow.fingerprint)")
      guard changed > 0 else { return false }
      _ = try db.run("DELETE FROM limits WHERE origin = 'configuration'")
      for limit in flow.limits { try transaction.store(.limit(limit), actor: actor) }
      try transaction.configure(flow.sources)
      try transaction.journal("configured", actor: actor)
      try transaction.changeRules()
      return true
    }
  }

  package func setWeight(_ weight: Double?, source: String, actor: String) async throws {
    try await write { transaction in
      let key = try transaction.db.source(source)
      if let weight {
        _ = try transaction.db.run(
          "UPDATE sources SET weight = \(weight), weight_origin = 'live' WHERE key = \(key)")
      } else {
        _ = try transaction.db.run("UPDATE sources SET weight_origin = 'default' WHERE key = \(key)")
        try transaction.weighAsConfigured()
      }
      try transaction.journal(
        "weight-changed", actor: actor, data: "\(source) \(weight.map { "\($0)" } ?? "as configured")")
      try transaction.changeRules()
    }
  }

  package func pause(_ scope: PauseScope, actor: String) async throws -> Bool {
    try await write { transaction in
      let db = transaction.db
      let changed =
        switch scope {
        case .everything: try db.run("UPDATE flow SET paused = 1 WHERE paused = 0")
        case .source(let name):
          try db.run("UPDATE sources SET paused = 1 WHERE key = \(db.source(name)) AND paused = 0")
        case .workflow(let name):
          try db.run(
            """
            INSERT OR IGNORE INTO paused_workflows (workflow, actor, paused_at)
            VALUES (\(name), \(actor), \(transaction.now.rawValue))
            """)
        }
      guard changed > 0 else { return false }
      try transaction.journal("paused", actor: actor, data: scope.journalText)
      try transaction.changeRules()
      return true
    }
  }

  package func resume(_ scope: PauseScope, actor: String) async throws -> Bool {
    try await write { transaction in
      let db = transaction.db
      let changed =
        switch scope {
        case .everything: try db.run("UPDATE flow SET paused = 0 WHERE paused = 1")
        case .source(let name):
          try db.run(
            """
            UPDATE sources SET paused = 0, virtual_time = \(raw: WriteTransaction.level)
            WHERE key = \(db.source(name)) AND paused = 1
            """)
        case .workflow(let name): try db.run("DELETE FROM paused_workflows WHERE workflow = \(name)")
        }
      guard changed > 0 else { return false }
      try transaction.journal("resumed", actor: actor, data: scope.journalText)
      try transaction.changeRules()
      return true
    }
  }

  package func sources(_ filter: SourceFilter) async throws -> [SourceReport] {
    try await read { [clock] db in
      let limits = try LimitEntry.stored(db).inForce.compactMap(\.limit)
      let names = try filter.names.map { try JSONText.encode($0) }
      let isPaused = try db.first("SELECT paused FROM flow") { $0.bool(0) } ?? false
      return try db.rows(
        """
        SELECT s.name, s.weight, s.paused, s.queued, s.running, s.waiting, s.completed, s.cancelled, s.dead, s.ready,
          s.closed, s.closed_until, (SELECT kind FROM gates WHERE key = s.closed_by), s.key
        FROM sources s
        WHERE \(names) IS NULL OR s.name IN (SELECT value FROM json_each(\(names)))
        ORDER BY s.queued + s.running + s.waiting DESC, s.name LIMIT \(filter.limit)
        """
      ) { row in
        var (until, kind) = (row.optionalInt64(11), row.optionalText(12))
        let isClosed = row.bool(10)
        if !isClosed, row.int(9) == 0 {
          // Each of its lanes is closed on its own: report the one that opens first.
          let lane = try db.first(
            """
            SELECT l.closed_until, g.kind FROM lanes l JOIN gates g ON g.key = l.closed_by
            WHERE l.source_key = \(row.int64(13)) AND l.closed = 1 AND l.ready > 0
            ORDER BY l.closed_until IS NULL, l.closed_until LIMIT 1
            """
          ) { ($0.optionalInt64(0), $0.text(1)) }
          if let lane { (until, kind) = lane }
        }
        let paused = row.bool(2) || isPaused
        return SourceReport(
          source: row.text(0), weight: row.double(1), paused: paused, queued: row.int(3), running: row.int(4),
          waiting: row.int(5), completed: row.int(6), cancelled: row.int(7), dead: row.int(8),
          ready: isClosed || paused ? 0 : row.int(9),
          reason: paused ? QueuedReason.paused.rawValue : kind.flatMap { QueuedReason.keptBack(by: $0)?.rawValue },
          nextAt: paused ? nil : until.map { clock.now + .microseconds(max(0, $0 - clock.uptime)) },
          documents: nil,
          limits: limits.filter {
            $0.scope.source == row.text(0) || ($0.key == .source && $0.scope.source.isEmpty)
          })
      }
    }
  }
}

extension QueuedReason {
  /// Returns the reason that people see for jobs that a gate of this kind holds back.
  static func keptBack(by kind: String) -> QueuedReason? {
    switch kind {
    case "throttle", "concurrency", "rate-limit": .throttled
    case "dependency": .breakerOpen
    case "pause": .paused
    default: nil
    }
  }
}

extension Connection {
  /// Returns the key of a source.
  /// - Throws: `SOURCE_NOT_FOUND`, with the nearest name.
  func source(_ name: String) throws -> Int64 {
    if let key = try first("SELECT key FROM sources WHERE name = \(name)", { $0.int64(0) }) { return key }
    let known = try rows("SELECT name FROM sources ORDER BY name LIMIT 1000") { $0.text(0) }
    throw Failure(
      .permanent, code: "SOURCE_NOT_FOUND", "There is no source '\(name)'.",
      hint: nearestName(to: name, among: known).map { "Did you mean \($0)?" }
        ?? "\(Action(.sourceList)) lists the sources; a submit or "
        + "\(Action(.sourceSet, name, with: ["create": nil])) creates one.",
      category: .notFound)
  }
}

extension LimitChange {
  /// The change as the journal shows it.
  fileprivate var journalText: String {
    switch self {
    case .set(let limit): "\(limit.id): \(limit.amount)"
    case .lift(let id): "\(id): none"
    case .reset(let id): "\(id): as configured"
    }
  }
}

extension PauseScope {
  /// The scope as the journal shows it.
  fileprivate var journalText: String {
    switch self {
    case .everything: "everything"
    case .source(let name): "source \(name)"
    case .workflow(let name): "workflow \(name)"
    }
  }
}
