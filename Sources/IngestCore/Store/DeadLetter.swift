/// A dead letter, as lists show it: a job that failed for good, or a chunk that was lost although its document was
/// stored.
package struct DeadLetter: Sendable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case job, chunk
  }

  package var id: String
  package var kind: Kind
  package var job: String
  package var source: String
  /// Nil, as is ``generation``, for a job that belongs to no index.
  package var index: String?
  package var generation: Int?
  package var uri: String?
  package var step: String?
  package var attempts: Int
  package var diedAt: Timestamp
  package var error: Failure
  /// Whether its content is in quarantine because processes died on it. The job is not tried again until the quarantine
  /// is lifted.
  package var quarantined: Bool
  /// A chunk's position in its document. Offsets count Unicode scalars of the document's text.
  package var ordinal: Int?
  package var page: Int?
  package var start: Int?
  package var end: Int?

  package init(
    id: String, kind: Kind, job: String, source: String, index: String?, generation: Int?, uri: String?, step: String?,
    attempts: Int, diedAt: Timestamp, error: Failure, quarantined: Bool = false, ordinal: Int? = nil,
    page: Int? = nil, start: Int? = nil, end: Int? = nil
  ) {
    self.id = id
    self.kind = kind
    self.job = job
    self.source = source
    self.index = index
    self.generation = generation
    self.uri = uri
    self.step = step
    self.attempts = attempts
    self.diedAt = diedAt
    self.error = error
    self.quarantined = quarantined
    self.ordinal = ordinal
    self.page = page
    self.start = start
    self.end = end
  }
}

/// A dead letter with everything that is kept about it, as `dead show` and `dead export` print it.
package struct DeadRecord: Sendable {
  /// One step's stored result.
  package struct Checkpoint: Sendable {
    package var step: String
    /// JSON.
    package var result: String
    package var finishedAt: Timestamp?

    package init(step: String, result: String, finishedAt: Timestamp?) {
      self.step = step
      self.result = result
      self.finishedAt = finishedAt
    }
  }

  package var letter: DeadLetter
  package var report: JobReport
  /// JSON, as the job was submitted.
  package var task: String
  package var content: ContentHash?
  /// JSON: the workflow version that the job was made with.
  package var definition: String
  package var attempts: [FailedAttempt]
  package var checkpoints: [Checkpoint]

  package init(
    letter: DeadLetter, report: JobReport, task: String, content: ContentHash?, definition: String,
    attempts: [FailedAttempt], checkpoints: [Checkpoint]
  ) {
    self.letter = letter
    self.report = report
    self.task = task
    self.content = content
    self.definition = definition
    self.attempts = attempts
    self.checkpoints = checkpoints
  }
}

/// Content on which processes died while they held no other document. Front doors print it as it is, with keys in
/// snake case.
package struct QuarantinedContent: Codable, Hashable, Sendable {
  package var content: String
  package var deaths: Int
  /// Whether the content is in quarantine, or is about to be.
  package var quarantined: Bool
  package var changedAt: Timestamp
  /// One document with this content.
  package var uri: String?
  package var documents: Int

  package init(
    content: String, deaths: Int, quarantined: Bool, changedAt: Timestamp, uri: String?, documents: Int
  ) {
    self.content = content
    self.deaths = deaths
    self.quarantined = quarantined
    self.changedAt = changedAt
    self.uri = uri
    self.documents = documents
  }
}
