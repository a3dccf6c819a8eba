internal import IngestCore

/// The decision which candidates may be returned when the back end shows old and new revisions side by side.
///
/// The catalogue and the back end cannot be read at the same moment, so the catalogue is read between the queries. A
/// revision that it held both before and after a query was held throughout, so all chunks of that revision could be
/// found. Writers store a revision before the catalogue holds it, and sweep the lower ones afterwards.
struct HeldCandidates {
  enum Verdict: Hashable {
    /// All chunks are of held revisions, and no held document lacks any.
    case settled(CandidateLists)
    /// The catalogue changed during the query, or its state before the query is unknown: query again.
    case again
    /// Too few candidates are left, but the back end has more: query again with longer lists.
    case deeper
  }

  /// Whether one query reads one state. If so, a first answer with only chunks of the held revisions settles.
  let readsSnapshots: Bool
  /// The revisions held when the latest query began. A document without an entry was not read; one with nil is not
  /// held.
  private var before: [DocumentID: HeldRevision?] = [:]
  /// The best lists that can be returned after the latest query.
  private(set) var best = CandidateLists()

  init(readsSnapshots: Bool) { self.readsSnapshots = readsSnapshots }

  /// Returns the documents whose held revisions must be read after a query that returned these lists.
  func documents(of lists: CandidateLists) -> [DocumentID] {
    Set(lists.chunks.map(\.document)).union(before.keys).sorted()
  }

  /// Judges the result of a query.
  /// - Parameters:
  ///   - held: revisions of ``documents(of:)``, read after the query.
  ///   - wanted: number of entries in each list that count.
  ///   - asked: lengths of the lists that the back end was asked for.
  mutating func judge(
    _ lists: CandidateLists, held: [DocumentID: HeldRevision], wanted: Int, asked: (nearest: Int, keyword: Int)
  ) -> Verdict {
    let documents = documents(of: lists)
    var shown: [DocumentID: Set<Int>] = [:]
    for chunk in lists.chunks { shown[chunk.document, default: []].insert(chunk.revision) }
    var returned: [DocumentID: Int] = [:]
    var isSettled = true
    for document in documents {
      // A document that is not held any more cannot be lost.
      guard let now = held[document], !now.isDeleted else { continue }
      returned[document] = now.revision
      let earlier = before[document]
      if earlier == .some(now) { continue }
      if readsSnapshots, earlier == nil, shown[document] == [now.revision] { continue }
      isSettled = false
      // If this is the last query, the revision that was held at its beginning is a valid answer too, and better than
      // none.
      if shown[document]?.contains(now.revision) != true, let earlier, let earlier, !earlier.isDeleted {
        returned[document] = earlier.revision
      }
    }
    before = Dictionary(uniqueKeysWithValues: documents.map { ($0, held[$0]) })
    best = lists.keeping { returned[$0.document] == $0.revision }
    guard isSettled else { return .again }
    let isShort =
      (best.nearest.count < min(wanted, asked.nearest) && lists.nearest.count >= asked.nearest && asked.nearest > 0)
      || (best.keyword.count < min(wanted, asked.keyword) && lists.keyword.count >= asked.keyword && asked.keyword > 0)
    return isShort ? .deeper : .settled(best)
  }
}

extension CandidateLists {
  fileprivate func keeping(_ isKept: (ChunkID) -> Bool) -> CandidateLists {
    CandidateLists(nearest: nearest.filter { isKept($0.chunk) }, keyword: keyword.filter { isKept($0.chunk) })
  }
}
