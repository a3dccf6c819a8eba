package import IngestCore

/// A difference between a generation and the catalogue in one document.
package struct DocumentFinding: Hashable, Sendable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// An expected chunk is missing.
    case missing
    /// A chunk of another revision than the expected one, or of an unexpected document.
    case stale
    /// A chunk that is stored more than once.
    case duplicate
    /// A chunk that no vector search finds.
    case vectorMissing = "vector_missing"
    /// A chunk that no keyword search finds.
    case fullTextMissing = "full_text_missing"
    /// The chunks are stored, but searches do not show them.
    case hidden
  }

  package var document: DocumentID
  package var kind: Kind
  /// The chunks in order.
  package var chunks: [ChunkID]

  package init(document: DocumentID, kind: Kind, chunks: [ChunkID]) {
    self.document = document
    self.kind = kind
    self.chunks = chunks
  }
}

extension DocumentFinding {
  /// Compares the catalogue's entry of one document with its contents in the index. Either may be nil. Equal documents
  /// give no findings.
  package static func compare(
    expected: ExpectedDocument?, found: DocumentInventory?
  ) -> [DocumentFinding] {
    guard let document = expected?.document ?? found?.document else { return [] }
    var chunks: [Kind: Set<ChunkID>] = [:]
    func note(_ kind: Kind, _ revision: Int, _ ordinals: some Sequence<Int>) {
      for ordinal in ordinals {
        chunks[kind, default: []].insert(ChunkID(document: document, revision: revision, ordinal: ordinal))
      }
    }
    let wanted = expected.map { $0.deleted ? 0 : $0.chunks } ?? 0
    let revision = expected?.revision ?? 0
    let ahead = (revision + 1)..<(max(revision, expected?.wanted ?? 0) + 1)
    // The generation is ahead of the catalogue: the job that wrote it has not reported it yet.
    if let found, ahead.contains(found.revision), found.deleted || found.visible == found.revision { return [] }
    var seen = false
    for part in found?.parts ?? [] {
      if ahead.contains(part.revision) { continue }
      let everywhere = Set(part.chunks).union(part.vectors).union(part.fullText)
      guard let expected, !expected.deleted, part.revision == revision else {
        note(.stale, part.revision, everywhere)
        continue
      }
      seen = true
      let present = Set(part.chunks)
      let vectors = Set(part.vectors)
      let fullText = Set(part.fullText)
      note(.missing, revision, (0..<wanted).filter { !present.contains($0) })
      note(.stale, revision, everywhere.filter { $0 >= wanted })
      note(.duplicate, revision, repeated(part.chunks) + repeated(part.vectors) + repeated(part.fullText))
      note(.vectorMissing, revision, present.filter { $0 < wanted && !vectors.contains($0) })
      note(.fullTextMissing, revision, present.filter { $0 < wanted && !fullText.contains($0) })
      if found?.visible != revision { note(.hidden, revision, present.filter { $0 < wanted }) }
    }
    if !seen { note(.missing, revision, 0..<wanted) }
    return Kind.allCases.compactMap { kind in
      chunks[kind].map { DocumentFinding(document: document, kind: kind, chunks: $0.sorted()) }
    }
  }

  private static func repeated(_ ordinals: [Int]) -> [Int] {
    var seen: Set<Int> = []
    return ordinals.filter { !seen.insert($0).inserted }
  }
}
