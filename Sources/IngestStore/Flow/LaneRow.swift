import IngestCore
import IngestSQL

extension LaneKey {
  /// Reads the column `gates`.
  init(stored text: String) throws {
    self = text.isEmpty ? LaneKey() : try JSONText.decode(LaneKey.self, text)
  }

  var stored: String {
    get throws { isEmpty ? "" : try JSONText.encode(self) }
  }
}

/// The row of a lane, with the names of what its keys refer to.
struct LaneRow {
  var key: Int64
  var source: Int64
  var sourceName: String
  /// Nil, as is ``index``, for jobs without an index.
  var generation: Int64?
  var index: String?
  /// The embedder's name.
  var provider: String
  /// Empty in a lane that was made before lanes had a workflow.
  var workflow: String
  var gates: String
  var base: Int64?
  var ready: Int

  static let columns: StaticString = """
    l.key, l.source_key, s.name, l.generation_key, i.name, g.spec ->> '$.embedder.name', l.workflow, l.gates, l.base_key, \
    l.ready
    """
  static let tables: StaticString = """
    lanes l JOIN sources s ON s.key = l.source_key LEFT JOIN generations g ON g.key = l.generation_key \
    LEFT JOIN indexes i ON i.key = g.index_key
    """

  init(_ row: borrowing Row) throws {
    key = row.int64(0)
    source = row.int64(1)
    sourceName = row.text(2)
    generation = row.optionalInt64(3)
    index = row.optionalText(4)
    provider = row.optionalText(5) ?? ""
    workflow = row.text(6)
    gates = row.text(7)
    base = row.optionalInt64(8)
    ready = row.int(9)
  }

  var place: LanePlace { LanePlace(source: sourceName, index: index, workflow: workflow, provider: provider) }
}
