package import IngestCore

/// A dead letter with everything that is kept for it, as `dead show` and `dead export` print it.
package struct DeadRecordResponse: Codable, Hashable, Sendable {
  /// A failed attempt: the fields of its failure, and its start and end.
  package struct Attempt: Codable, Hashable, Sendable {
    package var failure: ErrorBody
    package var startedAt: Timestamp
    package var finishedAt: Timestamp

    private enum Key: CodingKey { case startedAt, finishedAt }

    init(_ attempt: FailedAttempt) {
      failure = ErrorBody(attempt.failure)
      startedAt = attempt.startedAt
      finishedAt = attempt.finishedAt
    }

    package init(from decoder: any Decoder) throws {
      failure = try ErrorBody(from: decoder)
      let values = try decoder.container(keyedBy: Key.self)
      startedAt = try values.decode(Timestamp.self, forKey: .startedAt)
      finishedAt = try values.decode(Timestamp.self, forKey: .finishedAt)
    }

    package func encode(to encoder: any Encoder) throws {
      try failure.encode(to: encoder)
      var values = encoder.container(keyedBy: Key.self)
      try values.encode(startedAt, forKey: .startedAt)
      try values.encode(finishedAt, forKey: .finishedAt)
    }
  }

  package struct Checkpoint: Codable, Hashable, Sendable {
    package var step: String
    package var finishedAt: Timestamp?
    package var result: StoredJSON
  }

  /// The fields that follow those of the letter.
  package struct Whole: Codable, Hashable, Sendable {
    package var history: [Attempt]
    package var historyTotal: Int
    package var workflow: String
    package var workflowVersion: String
    package var task: StoredJSON
    package var content: String?
    package var priority: Int
    package var createdAt: Timestamp
    package var checkpoints: [Checkpoint]
    package var checkpointsTotal: Int
    package var timeline: [JobEventResponse]
    package var timelineTotal: Int
    /// The workflow's definition at the time when the job was created; in an export only.
    package var definition: StoredJSON?
  }

  package var letter: DeadLetterResponse
  package var whole: Whole

  /// - Parameter limit: the most elements of each list, with the total beside it; nil for all elements and the workflow's
  ///   definition, as in an export.
  package init(_ record: DeadRecord, limit: Int?) {
    let most = limit ?? .max
    letter = DeadLetterResponse(record.letter)
    whole = Whole(
      history: record.attempts.suffix(most).map(Attempt.init), historyTotal: record.attempts.count,
      workflow: record.report.workflow, workflowVersion: record.report.workflowVersion, task: StoredJSON(record.task),
      content: record.content?.rawValue, priority: record.report.priority, createdAt: record.report.createdAt,
      checkpoints: record.checkpoints.prefix(most).map {
        Checkpoint(step: $0.step, finishedAt: $0.finishedAt, result: StoredJSON($0.result))
      }, checkpointsTotal: record.checkpoints.count,
      timeline: (record.report.timeline ?? []).suffix(most).map(JobEventResponse.init),
      timelineTotal: record.report.timelineTotal ?? 0,
      definition: limit == nil ? StoredJSON(record.definition) : nil)
  }

  package init(from decoder: any Decoder) throws {
    letter = try DeadLetterResponse(from: decoder)
    whole = try Whole(from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    try letter.encode(to: encoder)
    try whole.encode(to: encoder)
  }
}
