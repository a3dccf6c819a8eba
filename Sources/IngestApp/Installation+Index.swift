import IngestConfig
package import IngestCore
import IngestDocuments
import IngestEmbedding
import IngestOperations
import IngestStore

extension Installation {
  /// What a new generation of an index is built with, as configured; the command line's own wishes win.
  package func spec(
    forIndex index: String, embedder: String? = nil, chunker wishes: (ChunkerSettings) -> ChunkerSettings = { $0 }
  ) throws -> GenerationSpec {
    let name = embedder ?? configuration.embedderName(forIndex: index)
    return GenerationSpec(
      parser: DocumentReader.fingerprint, chunker: wishes(configuration.chunker(forIndex: index)),
      embedder: try embedders.spec(named: name))
  }

  /// The index, which must exist; `docs` alone is made by being used.
  package func requireIndex(_ name: String, as actor: Actor) async throws {
    let known = try await store.indexNames()
    if known.contains(name) {
      // An index whose making was interrupted is finished by whoever needs it.
      if try await store.list(name).contains(where: { $0.state == .live }) { return }
    } else if name != Operations.implicitIndex {
      let near = nearestName(to: name, among: known + [Operations.implicitIndex])
      throw Failure(
        .permanent, code: "INDEX_NOT_FOUND", "There is no index '\(name)'.",
        hint: near.map { "Did you mean '\($0)'?" } ?? "Create it with \(Action(.indexCreate, name)).",
        category: .notFound)
    }
    _ = try await operations(as: actor).createIndex(name, spec: try spec(forIndex: name))
  }
}
