import IngestCore

/// A dead letter with all that is kept of it, as one JSON object.
struct DeadRecordLine: Encodable {
  let record: DeadRecord
  /// At most so many of each list, with the number of all beside it; nil for all of them, as an export wants.
  let limit: Int?

  private enum Key: CodingKey {
    case history, historyTotal, workflow, workflowVersion, definition, task, content, priority, createdAt, checkpoints,
      checkpointsTotal, timeline, timelineTotal
  }

  private struct Attempt: Encodable {
    var attempt: FailedAttempt

    private enum Key: CodingKey { case startedAt, finishedAt }

    func encode(to encoder: any Encoder) throws {
      try attempt.failure.encode(to: encoder)
      var values = encoder.container(keyedBy: Key.self)
      try values.encode(attempt.startedAt, forKey: .startedAt)
      try values.encode(attempt.finishedAt, forKey: .finishedAt)
    }
  }

  private struct Checkpoint: Encodable {
    var step: String
    var finishedAt: Timestamp?
    var result: RawJSON
  }

  func encode(to encoder: any Encoder) throws {
    try record.letter.encode(to: encoder)
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(record.attempts.suffix(limit ?? .max).map(Attempt.init), forKey: .history)
    try values.encode(record.attempts.count, forKey: .historyTotal)
    try values.encode(record.report.workflow, forKey: .workflow)
    try values.encode(record.report.workflowVersion, forKey: .workflowVersion)
    try values.encode(RawJSON(record.task), forKey: .task)
    try values.encodeIfPresent(record.content?.rawValue, forKey: .content)
    try values.encode(record.report.priority, forKey: .priority)
    try values.encode(record.report.createdAt, forKey: .createdAt)
    let checkpoints = record.checkpoints.prefix(limit ?? .max).map {
      Checkpoint(step: $0.step, finishedAt: $0.finishedAt, result: RawJSON($0.result))
    }
    try values.encode(checkpoints, forKey: .checkpoints)
    try values.encode(record.checkpoints.count, forKey: .checkpointsTotal)
    try values.encode(Array((record.report.timeline ?? []).suffix(limit ?? .max)), forKey: .timeline)
    try values.encode(record.report.timelineTotal ?? 0, forKey: .timelineTotal)
    if limit == nil { try values.encode(RawJSON(record.definition), forKey: .definition) }
  }
}

/// Stored JSON as a part of printed JSON, its keys as they are.
struct RawJSON: Encodable {
  let value: JSONValue

  init(_ text: String) { value = JSONValue(parsing: text) ?? .text(text) }

  private init(_ value: JSONValue) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let elements): try container.encode(elements.map { RawJSON($0) })
    case .object(let members): try container.encode(members.mapValues { RawJSON($0) })
    }
  }
}
