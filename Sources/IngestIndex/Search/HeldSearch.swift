import IngestCore

/// A search of a back end that may show revisions that the catalogue does not hold. It requests more candidates than
/// needed and drops those of other revisions.
struct HeldSearch {
  let backend: any IndexBackend
  let held: any HeldRevisions
  let name: GenerationName

  /// Maximum number of queries while the catalogue keeps changing. After the last one, the answer has one revision of
  /// each document, which was held at the beginning or at the end of that query.
  private static let tries = 5

  func candidates(_ request: SearchRequest) async throws -> Candidates {
    var state = HeldCandidates(readsSnapshots: backend.capabilities.contains(.snapshotReads))
    var scale = 2
    var tries = Self.tries
    while true {
      let asked = request.candidates(in: backend.capabilities, scale: scale)
      var answer = try await backend.candidates(asked, in: name)
      let now = try await held.held(
        state.documents(of: answer.lists), index: name.index, generation: name.number)
      let verdict = state.judge(
        answer.lists, held: now, wanted: request.listLength, asked: (asked.nearest, asked.keyword))
      answer.lists = state.best
      switch verdict {
      case .settled: return answer
      case .again:
        tries -= 1
        guard tries > 0 else { return answer }
      case .deeper:
        guard max(asked.nearest, asked.keyword) < SearchRequest.longestList else { return answer }
        scale *= 4
      }
    }
  }
}
