package import IngestCore

/// A dead letter as `dead list` prints it.
package struct DeadLetterResponse: Codable, Hashable, Sendable {
  package var id: String
  package var kind: DeadLetter.Kind
  package var job: String
  package var source: String
  package var index: String?
  package var generation: Int?
  package var uri: String?
  package var step: String?
  package var attempts: Int
  package var diedAt: Timestamp
  package var error: ErrorBody
  package var quarantined: Bool
  /// The position of a chunk in its document. Offsets count Unicode scalars of the document's text.
  package var ordinal: Int?
  package var page: Int?
  package var start: Int?
  package var end: Int?

  package init(_ letter: DeadLetter) {
    id = letter.id
    kind = letter.kind
    job = letter.job
    source = letter.source
    index = letter.index
    generation = letter.generation
    uri = letter.uri
    step = letter.step
    attempts = letter.attempts
    diedAt = letter.diedAt
    error = ErrorBody(letter.error)
    quarantined = letter.quarantined
    ordinal = letter.ordinal
    page = letter.page
    start = letter.start
    end = letter.end
  }
}

/// The result of `dead lift` for one content.
package struct QuarantineLiftResponse: Codable, Hashable, Sendable {
  package var content: String
  package var lifted: Bool

  package init(content: ContentHash, lifted: Bool) {
    self.content = content.rawValue
    self.lifted = lifted
  }
}

/// The result of `dead export` to a file.
package struct DeadExportResponse: Codable, Hashable, Sendable {
  package var exported: Int
  package var file: String

  package init(exported: Int, file: String) {
    self.exported = exported
    self.file = file
  }
}
