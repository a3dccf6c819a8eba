import IngestCore
import IngestSQL

/// The columns of a job that transitions use for their decisions.
struct JobRow {
  var key: Int64
  var id: String
  var source: Int64
  var lane: Int64
  /// Nil for a job that belongs to no index.
  var generation: Int64?
  var document: Int64?
  var revision: Int?
  var content: String?
  var state: JobState
  var reason: String?
  var alone: Bool
  var deaths: Int
  var cancelRequested: Bool
  var worker: Int64?
  /// Whether an attempt has failed since the job was queued.
  var hasFailed: Bool
  /// Microseconds since 1970.
  var notBefore: Int64?
  var rank: Int64
  /// Whether it holds slots of concurrency limits.
  var gated: Bool
  /// For a child: the job that made it, and the position of the step that made it.
  var parent: Int64?
  var parentStep: Int?
  /// Whether its wait has ended and the result is still stored for its step.
  var isWoken: Bool
  /// Whether it dies when its on-failure step has ended.
  var isFailing: Bool
  /// Whether a worker ever had it.
  var wasClaimed: Bool

  static let columns: StaticString = """
    key, id, source_key, lane_key, generation_key, document_key, revision, content, state, reason, alone, deaths, \
    cancel_requested, worker_key, error IS NOT NULL, not_before, rank, gated, parent_key, parent_step, \
    wake IS NOT NULL, fatal IS NOT NULL, fence > 0
    """
  /// The number of ``columns``, and so the position of the first column after them.
  static let count = 23

  init(_ row: borrowing Row) throws {
    key = row.int64(0)
    id = row.text(1)
    source = row.int64(2)
    lane = row.int64(3)
    generation = row.optionalInt64(4)
    document = row.optionalInt64(5)
    revision = row.optionalInt(6)
    content = row.optionalText(7)
    state = try JobState(stored: row.text(8))
    reason = row.optionalText(9)
    alone = row.bool(10)
    deaths = row.int(11)
    cancelRequested = row.bool(12)
    worker = row.optionalInt64(13)
    hasFailed = row.bool(14)
    notBefore = row.optionalInt64(15)
    rank = row.int64(16)
    gated = row.bool(17)
    parent = row.optionalInt64(18)
    parentStep = row.optionalInt(19)
    isWoken = row.bool(20)
    isFailing = row.bool(21)
    wasClaimed = row.bool(22)
  }
}

extension JobState {
  /// - Throws: `DATABASE_DAMAGED` for a text that the schema's CHECK would have refused.
  init(stored text: String) throws {
    guard let state = JobState(rawValue: text) else { throw Failure.damaged("a job's state is '\(text)'") }
    self = state
  }
}
