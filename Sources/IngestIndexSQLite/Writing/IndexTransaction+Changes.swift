internal import IngestCore
internal import IngestIndex
internal import IngestSQL

extension IndexTransaction {
  mutating func write(_ header: DocumentHeader, _ chunks: PreparedChunks) throws -> IndexChange.Outcome {
    let held = try held(header.document) ?? insert(header)
    guard header.revision >= held.revision else { return .init(result: .stale(held: held.revision)) }
    if held.settles(header.revision) {
      return .init(result: .applied, more: try hasLower(held.key, than: held.revision))
    }
    // Chunks of this same revision may remain from an attempt that wrote the document in slices.
    while try removeSlice(of: held.key, revisions: header.revision...header.revision) {}
    try insert(chunks, of: held.key, revision: header.revision)
    return try show(header, key: held.key, chunks: chunks.count)
  }

  mutating func stage(_ header: DocumentHeader, _ chunks: PreparedChunks) throws -> IndexChange.Outcome {
    let held = try held(header.document) ?? insert(header)
    guard header.revision >= held.revision else { return .init(result: .stale(held: held.revision)) }
    guard !held.settles(header.revision) else { return .init(result: .applied) }
    let staged = try staged(held.key, revision: header.revision)
    let first = chunks.entries.first?.chunk.ordinal ?? staged
    guard first <= staged else { throw IndexError.gap(header.document, expected: staged, found: first) }
    let known = min(chunks.count, staged - first)
    try insert(chunks.dropping(known, layout: vectors.layout), of: held.key, revision: header.revision)
    return .init(result: .applied)
  }

  func publish(_ header: DocumentHeader, chunks: Int) throws -> IndexChange.Outcome {
    let held = try held(header.document) ?? insert(header)
    guard header.revision >= held.revision else { return .init(result: .stale(held: held.revision)) }
    if held.settles(header.revision) {
      return .init(result: .applied, more: try hasLower(held.key, than: held.revision))
    }
    let staged = try staged(held.key, revision: header.revision)
    guard staged == chunks else {
      throw IndexError.incomplete(header.document, staged: staged, expected: chunks)
    }
    return try show(header, key: held.key, chunks: chunks)
  }

  func remove(_ document: DocumentID, revision: Int) throws -> IndexChange.Outcome {
    let held = try held(document) ?? insert(DocumentHeader(document: document, revision: 0, source: "", uri: ""))
    guard revision >= held.revision else { return .init(result: .stale(held: held.revision)) }
    try connection.run(
      """
      UPDATE documents SET revision = \(revision), visible = 0, deleted = 1, chunks = 0, meta = '{}'
      WHERE key = \(held.key)
      """)
    return .init(result: .applied, more: try removeSlice(of: held.key, revisions: 0...revision))
  }

  func sweep(_ document: DocumentID) throws -> IndexChange.Outcome {
    guard let held = try held(document), held.revision > 0 else { return .init(result: .applied) }
    let last = held.deleted ? held.revision : held.revision - 1
    return .init(result: .applied, more: try removeSlice(of: held.key, revisions: 0...last))
  }

  func purge(_ document: DocumentID, _ revisions: ClosedRange<Int>) throws -> IndexChange.Outcome {
    guard let held = try held(document) else { return .init(result: .applied) }
    if revisions.contains(held.visible) {
      try connection.run("UPDATE documents SET visible = 0, chunks = 0 WHERE key = \(held.key)")
    }
    return .init(result: .applied, more: try removeSlice(of: held.key, revisions: revisions))
  }

  func discard(_ document: DocumentID, revision: Int) throws -> IndexChange.Outcome {
    guard let held = try held(document), held.revision <= revision, held.visible != revision else {
      return .init(result: .applied)
    }
    return .init(result: .applied, more: try removeSlice(of: held.key, revisions: revision...revision))
  }

  func staged(_ document: Int, revision: Int) throws -> Int {
    try connection.first(
      "SELECT coalesce(sum(count), 0) FROM extents WHERE document = \(document) AND revision = \(revision)"
    ) { $0.int(0) } ?? 0
  }

  /// Makes a revision visible instead of the previous one, for every reader that starts after the commit.
  private func show(_ header: DocumentHeader, key: Int, chunks: Int) throws -> IndexChange.Outcome {
    try connection.run(
      """
      UPDATE documents SET revision = \(header.revision), visible = \(header.revision), deleted = 0, chunks = \(chunks),
        source = \(header.source), uri = \(header.uri), meta = \(MetaText.json(header.meta))
      WHERE key = \(key)
      """)
    return .init(result: .applied, more: try removeSlice(of: key, revisions: 0...(header.revision - 1)))
  }

  private func hasLower(_ document: Int, than revision: Int) throws -> Bool {
    try connection.first(
      "SELECT 1 FROM extents WHERE document = \(document) AND revision < \(revision) LIMIT 1"
    ) { $0.int(0) } != nil
  }
}
