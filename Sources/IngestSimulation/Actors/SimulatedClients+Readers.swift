import IngestCore
import IngestIndex
import IngestStore

/// Simulated readers. They search all the time, and no other event may change what they find.
extension SimulatedClients {
  func read(_ number: Int) async {
    let random = world.random("reader \(number)")
    let name = "reader-\(number + 1)"
    while world.isStormy {
      await pause(random, .milliseconds(50)...(.milliseconds(1200)))
      guard let document = random.pick(known), let facts = world.oracle.documents[document] else {
        continue
      }
      do {
        // The search begins at the moment at which the revision held is read.
        let live = try await store.live(World.index).number
        let lowest = world.oracle.mustFind(document, in: live)
        let answer = try await searcher.search(
          SearchRequest(text: facts.word, k: 50, mode: .keyword), index: World.index)
        // A delete during the search may have removed the document.
        let still = lowest.flatMap { lowest in
          let now = world.oracle.documents[document]
          return now?.deletesPending == 0 && lowest > now?.deletedAt ?? 0 ? lowest : nil
        }
        world.oracle.shown(answer, for: document, atLeast: still, to: name)
      } catch {
        world.oracle.broken(
          .readersNeverNotice,
          "A search of \(name) for \(facts.uri) failed: \(Failure(error).code) \(Failure(error).message)",
          about: [facts.uri])
      }
    }
  }
}
