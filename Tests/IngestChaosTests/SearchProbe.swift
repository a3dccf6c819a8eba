import IngestApp
import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestSQL
import IngestStore

/// A reader in this process, wired as `ingestd search` is, that stays open during all events.
final class SearchProbe: Sendable {
  let database: Database
  private let store: Store
  private let indexes: SQLiteIndex
  private let searcher: Searcher

  /// - Parameter around: wraps the index, so that a test can inject a bug.
  init(_ site: ChaosSite, around: (SQLiteIndex) -> any IndexBackend = { $0 }) throws {
    var options = DatabaseOptions(mode: .readOnly)
    options.readers = 2
    database = try Database(path: site.data + "/ingestd.db", options: options)
    let clock = SystemClock()
    store = Store(
      database: database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: SystemRandom()))
    indexes = SQLiteIndex(folder: site.data + "/indexes")
    searcher = Searcher(
      resolver: Resolver(store: store), backends: BackendRegistry([around(indexes)]), held: store, clock: clock
    ) { _ in
      throw IndexError.badRequest("Only words are looked for here.")
    }
  }

  private struct Resolver: GenerationResolver {
    let store: Store

    func liveGeneration(of index: String) async throws -> Generation { try await store.live(index) }
    func generation(_ number: Int, of index: String) async throws -> Generation {
      try await store.generation(index, number)
    }
  }

  func search(_ word: String, generation: Int? = nil, count: Int = 50) async throws -> SearchAnswer {
    try await searcher.search(
      SearchRequest(text: word, k: count, mode: .keyword), index: "docs", generation: generation)
  }

  func generations() async throws -> [Generation] { try await store.list("docs") }

  func close() async {
    await indexes.close()
    await database.close()
  }

  /// Opens a probe for the duration of a body.
  static func with<T>(_ site: ChaosSite, _ body: (SearchProbe) async throws -> T) async throws -> T {
    let probe = try SearchProbe(site)
    do {
      let result = try await body(probe)
      await probe.close()
      return result
    } catch {
      await probe.close()
      throw error
    }
  }
}
