import IngestAPI
import IngestCore
import IngestIndex
import IngestIntake
import IngestOperations
import Testing

/// Encodes, decodes and compares a value, and checks the field names of the outermost object.
func expectRoundTrip<Value: Codable & Equatable>(
  _ value: Value, fields: String, location: SourceLocation = #_sourceLocation
) throws {
  let text = try APIJSON.encode(value) { $0.name.rawValue }
  #expect(try APIJSON.decode(Value.self, from: text) == value, "\(text)", sourceLocation: location)
  guard case .object(let members)? = JSONValue(parsing: text) else {
    Issue.record("no object: \(text)", sourceLocation: location)
    return
  }
  #expect(
    members.keys.sorted() == fields.split(separator: " ").map(String.init).sorted(), "\(text)",
    sourceLocation: location)
}

@Suite("Responses")
struct RoundTripTests {
  private let time = Timestamp(rawValue: 1_770_000_000_123_000)
  private let failure: Failure = {
    var failure = Failure(
      .throttled, code: "RATE_LIMITED", "Too soon.", hint: "Wait.", category: .refused, reason: .rateLimited,
      retryAfter: .milliseconds(1500),
      causes: [Failure(.transient, code: "BUSY", "It was busy.")])
    failure.dependency = "embed:openai"
    return failure.during(step: "embed", attempt: 3)
  }()

  @Test("an error has the documented fields, and is decoded unchanged")
  func error() throws {
    try expectRoundTrip(ErrorResponse(failure), fields: "error")
    try expectRoundTrip(
      ErrorBody(failure),
      fields: "attempt category causes code dependency hint kind message retry_after_ms retryable step")
    try expectRoundTrip(
      ErrorBody(Failure(.permanent, code: "X", "It failed.")),
      fields: "category causes code hint kind message retryable")
  }

  private func line(_ outcome: SubmissionLine.Outcome) -> SubmissionLine {
    let request = SubmitRequest(
      index: "docs", source: "default", uri: "/a", change: .delete,
      workflow: PinnedWorkflow(
        version: ContentHash(rawValue: "v"), definition: WorkflowDefinition(name: "ingest", steps: [])), actor: "test")
    return SubmissionLine(request, uri: "/a", outcome: outcome)
  }

  private func receipt(_ outcome: SubmitReceipt.Outcome, revision: Int = 2) -> SubmitReceipt {
    SubmitReceipt(
      job: JobID(rawValue: "01JOB"), document: DocumentID(rawValue: "01DOC"), revision: revision, state: .queued,
      outcome: outcome)
  }

  @Test("a submit has the documented fields for each outcome")
  func submit() throws {
    let whole = "document index job outcome revision source state uri"
    try expectRoundTrip(SubmitResponse(line(.answered(receipt(.accepted)))), fields: whole)
    try expectRoundTrip(SubmitResponse(line(.answered(receipt(.skipped)))), fields: whole + " reason")
    try expectRoundTrip(
      SubmitResponse(line(.answered(receipt(.skipped, revision: 0)))),
      fields: "index job outcome reason source state uri")
    try expectRoundTrip(SubmitResponse(line(.vanished(receipt(.accepted)))), fields: whole)
    try expectRoundTrip(SubmitResponse(line(.vanished(nil))), fields: "index outcome source uri")
    try expectRoundTrip(SubmitResponse(line(.planned)), fields: "index outcome source uri")
    try expectRoundTrip(SubmitResponse(line(.skipped(.hidden))), fields: "index outcome reason source uri")
    var refused = line(.refused(failure))
    refused.nextAt = time
    try expectRoundTrip(
      SubmitResponse(refused), fields: "error index next_at outcome reason retry_after_ms source uri")
    #expect(SubmitResponse(line(.vanished(nil))).outcome.rawValue == "planned-delete")
  }

  @Test("a search has the documented fields, and metadata keys stay unchanged")
  func search() throws {
    let hit = SearchHit(
      rank: 1,
      ScoredChunk(
        chunk: ChunkID(document: DocumentID(rawValue: "01DOC"), revision: 1, ordinal: 0), score: 0.5),
      ChunkContent(
        uri: "/a", source: "default", page: 3, heading: ["A"], start: 0, end: 5, text: "words",
        meta: ["camelCase": "x"]))
    let answer = SearchResponse(SearchAnswer(index: "docs", generation: 1, tookMilliseconds: 1.25, hits: [hit]))
    try expectRoundTrip(answer, fields: "generation hits index took_ms")
    let first = try #require(answer.hits.first)
    try expectRoundTrip(first, fields: "chunk document end heading meta page rank score source start text uri")
    #expect(try APIJSON.encode(answer) { $0.name.rawValue }.contains("\"camelCase\":\"x\""))
  }

  @Test("the status has the documented fields")
  func status() throws {
    let breaker = BreakerReport(
      breaker: "embed:openai", state: .halfOpen, since: time, nextAt: time, cause: "calls failed", failed: 1, calls: 2,
      probes: 1, heldUntil: time)
    let worker = StatusReport.Worker(
      worker: "01W", process: 7, host: "h", concurrency: 4, running: 1, startedAt: time, lockPath: "/l")
    let report = StatusReport(
      sources: [.init(source: "default", queued: 1, running: 2, waiting: 3, completed: 4, cancelled: 5, dead: 6)],
      queuedReasons: [.init(reason: .ready, count: 1, nextAt: time)], workers: [worker], breakers: [breaker])
    let status = StatusResponse(StatusOverview(report: report, alive: ["01W"]))
    try expectRoundTrip(
      status,
      fields: "breakers breakers_total cancelled completed dead queued queued_reasons running sources sources_total "
        + "waiting workers workers_total")
    try expectRoundTrip(
      try #require(status.workers.first),
      fields: "alive concurrency host lock_path process running started_at worker")
    try expectRoundTrip(
      breaker, fields: "breaker calls cause failed held_until next_at probes since state")
  }
}
