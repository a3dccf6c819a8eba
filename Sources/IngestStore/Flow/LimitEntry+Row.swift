import IngestCore
import IngestSQL

/// The rows of the table `limits`. Only this file converts limits to and from the text in the database.
extension LimitEntry {
  /// Returns all stored limits, including those that a live limit hides.
  static func stored(_ db: Connection) throws -> [LimitEntry] {
    try db.rows(
      """
      SELECT kind, per, unit, source, index_name, workflow, provider, spec, origin FROM limits
      ORDER BY kind, per, unit, source, index_name, workflow, provider, origin
      """, Self.init)
  }

  private init(_ row: borrowing Row) throws {
    let (kind, unit, origin) = (row.text(0), row.text(2), row.text(8))
    guard let kind = Limit.Kind(rawValue: kind), let unit = Limit.Unit(rawValue: unit),
      let origin = Origin(rawValue: origin)
    else { throw Failure.damaged("a stored limit is of kind '\(kind)', unit '\(unit)', origin '\(origin)'") }
    let key = try LimitKey(row.text(1))
    let scope = LimitScope(source: row.text(3), index: row.text(4), workflow: row.text(5), provider: row.text(6))
    guard let spec = row.optionalText(7) else {
      self = .lift(Limit.ID(kind, per: key, counting: unit, scope: scope))
      return
    }
    self = .limit(
      try Limit(Limit.Amount(kind, spec), per: key, counting: unit, scope: scope, origin: origin))
  }
}

extension WriteTransaction {
  /// Stores a limit. It replaces the one of the same identity and origin.
  func store(_ entry: LimitEntry, actor: String) throws {
    let (id, scope) = (entry.id, entry.id.scope)
    _ = try db.run(
      """
      INSERT INTO limits (kind, per, unit, source, index_name, workflow, provider, spec, origin, actor, changed_at)
      VALUES (\(id.kind.rawValue), \(id.key.description), \(id.unit.rawValue), \(scope.source), \(scope.index),
        \(scope.workflow), \(scope.provider), \(entry.limit?.amount.description), \(entry.origin.rawValue), \(actor),
        \(now.rawValue))
      ON CONFLICT (kind, per, unit, source, index_name, workflow, provider, origin)
      DO UPDATE SET spec = excluded.spec, actor = excluded.actor, changed_at = excluded.changed_at
      """)
  }

  func remove(_ id: Limit.ID, of origin: Origin) throws {
    let scope = id.scope
    _ = try db.run(
      """
      DELETE FROM limits
      WHERE kind = \(id.kind.rawValue) AND per = \(id.key.description) AND unit = \(id.unit.rawValue)
        AND source = \(scope.source) AND index_name = \(scope.index) AND workflow = \(scope.workflow)
        AND provider = \(scope.provider) AND origin = \(origin.rawValue)
      """)
  }
}
