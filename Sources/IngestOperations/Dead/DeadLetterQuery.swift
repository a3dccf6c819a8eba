package import IngestCore

/// The dead letters that an operation lists or changes: named ones, or all that match every field.
package struct DeadLetterQuery: Sendable {
  /// Ids of dead letters, or unique beginnings of ids.
  package var ids: [String]
  /// Every dead letter. Not needed beside a field that narrows the query.
  package var isAll: Bool
  package var source: String?
  package var index: String?
  package var workflow: String?
  package var code: String?
  /// The step that failed.
  package var step: String?
  /// Nil for both.
  package var kind: DeadLetter.Kind?
  /// Only letters whose content is in quarantine.
  package var isQuarantined: Bool
  /// Entries that the document's metadata must have.
  package var meta: [String: String]
  package var since: Timestamp?
  package var until: Timestamp?

  package init(
    ids: [String] = [], isAll: Bool = false, source: String? = nil, index: String? = nil, workflow: String? = nil,
    code: String? = nil, step: String? = nil, kind: DeadLetter.Kind? = nil, isQuarantined: Bool = false,
    meta: [String: String] = [:], since: Timestamp? = nil, until: Timestamp? = nil
  ) {
    self.ids = ids
    self.isAll = isAll
    self.source = source
    self.index = index
    self.workflow = workflow
    self.code = code
    self.step = step
    self.kind = kind
    self.isQuarantined = isQuarantined
    self.meta = meta
    self.since = since
    self.until = until
  }

  /// The error code of every job whose content is in quarantine.
  private static let quarantineCode = "QUARANTINED"
}

extension DeadLetterQuery {
  /// The fields without ``ids``, which the store has to resolve first.
  /// - Throws: `DEAD_SELECTION_TWICE` for a code that no letter in quarantine has.
  func filter() throws -> JobFilter {
    if isQuarantined, let code, code != Self.quarantineCode {
      throw Failure(
        .permanent, code: "DEAD_SELECTION_TWICE", "No dead letter in quarantine has the code \(code).",
        hint: "Leave \(option: "quarantined") or \(option: "code") out.", category: .invalid)
    }
    return JobFilter(
      source: source, index: index, code: isQuarantined ? Self.quarantineCode : code, step: step, kind: kind,
      workflow: workflow, meta: meta, since: since, until: until, limit: Int.max)
  }

  /// The same rule as ``JobQuery/requireChoice()``.
  /// - Throws: `DEAD_SELECTION_MISSING`, `DEAD_SELECTION_TWICE`.
  // Swift 6.3 crashes in a release build where it inlines this into an async function.
  @inline(never)
  func requireChoice() throws {
    try TargetChoice.deadLetters.require(isNamed: !ids.isEmpty, isChosen: isAll || filter().isNarrow)
  }
}
