internal import IngestCore
internal import IngestIndex
internal import IngestSQL

/// The changes of one write transaction. It lives as long as the body that created it.
///
/// Keys and slots come from counters that are read once and written back once. All vectors of the transaction share one
/// sync, which happens before the COMMIT that relies on it.
struct IndexTransaction {
  let connection: Connection
  let vectors: VectorFiles
  private var counters: Counters?

  private struct Counters {
    var nextChunk: Int
    let file: Int
    var slots: Int
    let vectors: VectorFile
  }

  init(_ connection: Connection, vectors: VectorFiles) {
    self.connection = connection
    self.vectors = vectors
  }

  mutating func apply(_ change: IndexChange) throws -> IndexChange.Outcome {
    switch change {
    case .write(let header, let chunks): try write(header, chunks)
    case .stage(let header, let chunks): try stage(header, chunks)
    case .publish(let header, let chunks): try publish(header, chunks: chunks)
    case .remove(let document, let revision): try remove(document, revision: revision)
    case .sweep(let document): try sweep(document)
    case .purge(let document, let revisions): try purge(document, revisions)
    case .discard(let document, let revision): try discard(document, revision: revision)
    }
  }

  /// Writes the counters back and syncs the vectors. Nothing may be applied afterwards.
  /// - Returns: whether enough vectors are dead that the files should be compacted.
  consuming func finish() throws -> Bool {
    if let counters {
      try connection.run("UPDATE generation SET next_chunk = \(counters.nextChunk)")
      try counters.vectors.sync()
    }
    return try Compaction.isDue(connection)
  }

  // MARK: Documents

  struct Held {
    var key: Int
    var revision: Int
    var visible: Int
    var deleted: Bool

    /// Whether a write of this revision has nothing left to do.
    func settles(_ wanted: Int) -> Bool { revision == wanted && (visible == wanted || deleted) }
  }

  func held(_ document: DocumentID) throws -> Held? {
    try connection.first(
      SQL(
        named: "index.held-revision",
        "SELECT key, revision, visible, deleted FROM documents WHERE id = \(document.rawValue)")
    ) {
      Held(key: $0.int(0), revision: $0.int(1), visible: $0.int(2), deleted: $0.bool(3))
    }
  }

  /// Inserts a row for a document to which nothing was applied yet.
  func insert(_ header: DocumentHeader) throws -> Held {
    try connection.run(
      """
      INSERT INTO documents (id, revision, visible, deleted, chunks, source, uri, meta)
      VALUES (\(header.document.rawValue), 0, 0, 0, 0, \(header.source), \(header.uri), \(MetaText.json(header.meta)))
      """)
    let key = try connection.first("SELECT last_insert_rowid()") { $0.int(0) } ?? 0
    return Held(key: key, revision: 0, visible: 0, deleted: false)
  }

  // MARK: Chunks

  mutating func insert(_ chunks: PreparedChunks, of document: Int, revision: Int) throws {
    guard let first = chunks.entries.first else { return }
    var counters = try self.counters ?? load()
    try counters.vectors.write(chunks.rows, at: counters.slots)
    try connection.run(
      """
      INSERT INTO extents (first_chunk, document, revision, first_ordinal, count, file, first_slot)
      VALUES (\(counters.nextChunk), \(document), \(revision), \(first.chunk.ordinal), \(chunks.count), \
      \(counters.file), \(counters.slots))
      """)
    var key = counters.nextChunk
    for entry in chunks.entries {
      let chunk = entry.chunk
      try connection.run(
        """
        INSERT INTO chunks (key, ordinal, start, end, page, tokens, vector_sum, heading, text)
        VALUES (\(key), \(chunk.ordinal), \(chunk.start), \(chunk.end), \(chunk.page), \(chunk.tokens), \
        \(entry.vectorSum), \(entry.heading), \(chunk.text))
        """)
      try connection.run("INSERT INTO chunk_text (rowid, text) VALUES (\(key), \(entry.indexed))")
      key += 1
    }
    counters.nextChunk = key
    counters.slots += chunks.count
    try connection.run(
      "UPDATE vector_files SET slots = \(counters.slots), live = live + \(chunks.count) WHERE id = \(counters.file)")
    self.counters = counters
  }

  private func load() throws -> Counters {
    let next = try connection.first("SELECT next_chunk FROM generation") { $0.int(0) }
    let files = try Compaction.files(connection).filter { !$0.dropped }
    vectors.keep(files.map(\.id))
    guard let next, let file = files.last else {
      throw VectorFileError(vectors.files.database, "find the end of", code: 0)
    }
    return Counters(nextChunk: next, file: file.id, slots: file.slots, vectors: try vectors.file(file.id))
  }

  /// A run of chunks, as stored in `extents`.
  struct Extent {
    var firstChunk: Int
    var count: Int
    var file: Int
  }

  /// Removes the last chunks of an extent, or all of them.
  func remove(_ extent: Extent, last: Int) throws {
    let kept = extent.count - last
    let keys = (extent.firstChunk + kept)..<(extent.firstChunk + extent.count)
    for key in keys { try removeChunk(key) }
    if kept == 0 {
      try connection.run("DELETE FROM extents WHERE first_chunk = \(extent.firstChunk)")
    } else {
      try connection.run("UPDATE extents SET count = \(kept) WHERE first_chunk = \(extent.firstChunk)")
    }
    try connection.run("UPDATE vector_files SET live = live - \(last) WHERE id = \(extent.file)")
  }

  /// The full text stores no texts, so a removal must pass the text that was indexed.
  private func removeChunk(_ key: Int) throws {
    if let text = try connection.first("SELECT text FROM chunks WHERE key = \(key)", { $0.text(0) }) {
      let indexed = SpacelessScripts.separated(text)
      try connection.run("INSERT INTO chunk_text (chunk_text, rowid, text) VALUES ('delete', \(key), \(indexed))")
    }
    try connection.run("DELETE FROM chunks WHERE key = \(key)")
  }

  /// Removes up to a slice of a document's chunks.
  /// - Returns: whether there are more.
  func removeSlice(of document: Int, revisions: ClosedRange<Int>) throws -> Bool {
    var left = IndexChange.slice
    while left > 0 {
      let extent = try connection.first(
        """
        SELECT first_chunk, count, file FROM extents
        WHERE document = \(document) AND revision BETWEEN \(revisions.lowerBound) AND \(revisions.upperBound)
        ORDER BY revision, first_ordinal DESC LIMIT 1
        """
      ) { Extent(firstChunk: $0.int(0), count: $0.int(1), file: $0.int(2)) }
      guard let extent else { return false }
      let last = min(left, extent.count)
      try remove(extent, last: last)
      left -= last
    }
    let rest = try connection.first(
      """
      SELECT 1 FROM extents
      WHERE document = \(document) AND revision BETWEEN \(revisions.lowerBound) AND \(revisions.upperBound) LIMIT 1
      """
    ) { $0.int(0) }
    return rest != nil
  }
}
