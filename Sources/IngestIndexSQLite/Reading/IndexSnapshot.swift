internal import IngestCore
internal import IngestIndex
internal import IngestSQL

/// One read transaction of one query. Everything it reads belongs to the same commit.
struct IndexSnapshot {
  let connection: Connection
  let vectors: VectorFiles
  let generation: GenerationName
  /// Whether this is the last try. If so, a missing vector file is lost, not compacted away.
  let isLast: Bool

  /// A chunk that was found, by its key.
  struct Found {
    var chunk: ChunkID
    var key: Int
    var score: Double

    var scored: ScoredChunk { ScoredChunk(chunk: chunk, score: score) }
  }

  func candidates(_ request: CandidateRequest) throws -> Candidates {
    var nearest: [Found] = []
    if request.nearest > 0 { nearest = try self.nearest(request, limit: request.nearest) }
    var keyword: [Found] = []
    if request.keyword > 0 { keyword = try self.keyword(request, limit: request.keyword) }
    let keys = Dictionary((nearest + keyword).map { ($0.chunk, $0.key) }) { first, _ in first }
    let lists = CandidateLists(nearest: nearest.map(\.scored), keyword: keyword.map(\.scored))
    var contents: [ChunkID: ChunkContent] = [:]
    for chunk in request.choose(lists) {
      if let key = keys[chunk] { contents[chunk] = try content(of: chunk, key: key) }
    }
    return Candidates(lists: lists, contents: contents)
  }

  /// Returns matches by BM25, best first. FTS5 sorts by rank before the joins, so only the rows that are returned are
  /// joined.
  private func keyword(_ request: CandidateRequest, limit: Int) throws -> [Found] {
    let terms = try rareTerms(QueryTerms(request.text).terms)
    guard !terms.isEmpty else { return [] }
    let match = MatchExpression.any(terms)
    let found = try connection.rows(
      """
      SELECT f.rowid, -f.rank, d.id, e.revision, e.first_ordinal + f.rowid - e.first_chunk
      FROM chunk_text AS f
      CROSS JOIN extents AS e ON e.first_chunk = (SELECT max(first_chunk) FROM extents WHERE first_chunk <= f.rowid)
      CROSS JOIN documents AS d ON d.key = e.document
      WHERE chunk_text MATCH \(match) AND f.rowid < e.first_chunk + e.count AND e.revision = d.visible\
      \(sql: filter(request))
      ORDER BY f.rank LIMIT \(limit)
      """
    ) { row in
      Found(
        chunk: ChunkID(document: DocumentID(rawValue: row.text(2)), revision: row.int(3), ordinal: row.int(4)),
        key: row.int(0), score: row.double(1))
    }
    return ordered(found, limit: limit)
  }

  /// Returns the terms without those that more than half of the chunks contain. FTS5's BM25 gives such a term no
  /// weight, yet would score every chunk for it. Counting how common a term is costs a tenth of that. If all terms are
  /// common, the longest one is kept.
  private func rareTerms(_ terms: [String]) throws -> [String] {
    let total = try Compaction.files(connection).reduce(0) { $0 + $1.live }
    guard terms.count > 1, total >= Self.largeIndex else { return terms }
    let rare = try terms.filter { term in
      let count = try connection.first(
        """
        SELECT count(*) FROM (
          SELECT 1 FROM chunk_text WHERE chunk_text MATCH \(MatchExpression.any([term])) LIMIT \(total / 2 + 1))
        """
      ) { $0.int(0) }
      return (count ?? 0) <= total / 2
    }
    guard rare.isEmpty else { return rare }
    return terms.max { $0.utf8.count < $1.utf8.count }.map { [$0] } ?? []
  }

  /// Number of chunks from which on common terms are dropped.
  private static let largeIndex = 2000

  /// Returns the visible vectors with the highest dot products. The result is exact.
  ///
  /// The scan does not know which slots are visible. It takes more candidates than needed. If too many of them turn out
  /// to be dead, a second scan covers only the visible slots. A search that is limited to some documents uses that scan
  /// at once.
  private func nearest(_ request: CandidateRequest, limit: Int) throws -> [Found] {
    guard let query = request.vector else { return [] }
    let scan = VectorScan(query: query, layout: vectors.layout)
    let files = try Compaction.files(connection).filter { !$0.dropped }
    vectors.keep(files.map(\.id))
    if request.source == nil, request.where.isEmpty {
      var top = TopCandidates(capacity: 2 * limit + 64)
      for file in files where file.slots > 0 {
        let mapping = try vectors.file(file.id).mapping(slots: file.slots)
        scan.scan(mapping, file: file.id, slots: 0..<file.slots, into: &top)
      }
      let found = try shown(top, limit: limit)
      if found.count >= limit || !top.isFull { return ordered(found, limit: limit) }
    }
    var top = TopCandidates(capacity: limit)
    let slots = Dictionary(uniqueKeysWithValues: files.map { ($0.id, $0.slots) })
    var mappings: [Int: VectorMapping] = [:]
    try connection.each(
      """
      SELECT e.file, e.first_slot, e.count FROM documents AS d
      JOIN extents AS e ON e.document = d.key AND e.revision = d.visible
      WHERE d.visible > 0\(sql: filter(request)) ORDER BY e.file, e.first_slot
      """
    ) { row in
      let file = row.int(0)
      let mapping = try mappings[file] ?? vectors.file(file).mapping(slots: slots[file] ?? 0)
      mappings[file] = mapping
      scan.scan(mapping, file: file, slots: row.int(1)..<(row.int(1) + row.int(2)), into: &top)
    }
    return ordered(try shown(top, limit: limit), limit: limit)
  }

  /// Returns the best visible candidates: `limit` of them, and those with the same score as the last.
  private func shown(_ top: TopCandidates, limit: Int) throws -> [Found] {
    var found: [Found] = []
    for candidate in top.sorted {
      if found.count >= limit, let last = found.last, Double(candidate.score) < last.score { break }
      if let next = try resolve(candidate) { found.append(next) }
    }
    return found
  }

  /// Returns the chunk whose vector is in a slot; nil for a dead or hidden slot.
  private func resolve(_ candidate: TopCandidates.Candidate) throws -> Found? {
    let slot = candidate.slot
    return try connection.first(
      """
      SELECT d.id, e.revision, e.first_ordinal + \(slot) - e.first_slot, e.first_chunk + \(slot) - e.first_slot
      FROM extents AS e JOIN documents AS d ON d.key = e.document
      WHERE e.file = \(candidate.file)
        AND e.first_slot = (SELECT max(first_slot) FROM extents WHERE file = \(candidate.file) AND first_slot <= \(slot))
        AND \(slot) < e.first_slot + e.count AND e.revision = d.visible
      """
    ) { row in
      Found(
        chunk: ChunkID(document: DocumentID(rawValue: row.text(0)), revision: row.int(1), ordinal: row.int(2)),
        key: row.int(3), score: Double(candidate.score))
    }
  }

  private func filter(_ request: CandidateRequest) -> SQL {
    var filter: SQL = ""
    if let source = request.source { filter = "\(sql: filter) AND d.source = \(source)" }
    for (key, value) in request.where.sorted(by: { $0.key < $1.key }) {
      filter =
        "\(sql: filter) AND EXISTS (SELECT 1 FROM json_each(d.meta) AS m WHERE m.key = \(key) AND m.value = \(value))"
    }
    return filter
  }

  private func ordered(_ found: [Found], limit: Int) -> [Found] {
    Array(found.sorted { ($1.score, $0.chunk) < ($0.score, $1.chunk) }.prefix(limit))
  }

  private func content(of chunk: ChunkID, key: Int) throws -> ChunkContent {
    let meta = try meta(of: chunk.document)
    let content = try connection.first(
      """
      SELECT c.page, c.heading, c.start, c.end, c.text, d.uri, d.source
      FROM chunks AS c, documents AS d WHERE c.key = \(key) AND d.id = \(chunk.document.rawValue)
      """
    ) { row in
      ChunkContent(
        uri: row.text(5), source: row.text(6), page: row.optionalInt(0), heading: HeadingText.split(row.text(1)),
        start: row.int(2), end: row.int(3), text: row.text(4), meta: meta)
    }
    guard let content else { throw IndexError.damaged(generation, "chunk \(chunk) has lost its text") }
    return content
  }

  private func meta(of document: DocumentID) throws -> [String: String] {
    let pairs = try connection.rows(
      "SELECT m.key, m.value FROM documents AS d, json_each(d.meta) AS m WHERE d.id = \(document.rawValue)"
    ) { ($0.text(0), $0.text(1)) }
    return Dictionary(pairs) { first, _ in first }
  }
}
