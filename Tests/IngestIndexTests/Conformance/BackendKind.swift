import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestTestKit

/// The back ends that the conformance suite runs against. A new one adds its case here.
enum BackendKind: CaseIterable, Sendable {
  case sqlite
  /// Guarantees nothing, and has only the basic role.
  case weak
  /// The same, but it can list what it holds.
  case weakVerifiable

  /// Returns an empty back end with one empty generation.
  func site(_ dimensions: Int = IndexFixture.dimensions) async throws -> BackendSite {
    let folder = try TemporaryFolder("conformance")
    let backend: any IndexBackend =
      switch self {
      case .sqlite: SQLiteIndex(folder: folder.path)
      case .weak: WeakIndex()
      case .weakVerifiable: WeakIndex(isVerifiable: true)
      }
    try await backend.create(BackendSite.name, dimensions: dimensions)
    return BackendSite(folder: folder, backend: backend)
  }
}

struct BackendSite: Sendable {
  let folder: TemporaryFolder
  let backend: any IndexBackend
  static let name = GenerationName(index: "docs", number: 1)

  var capabilities: BackendCapabilities { backend.capabilities }

  @discardableResult
  func write(_ number: Int, _ revision: Int, _ texts: [String], meta: [String: String] = [:]) async throws
    -> WriteResult
  {
    try await backend.write(
      IndexFixture.write(number, revision: revision, texts, meta: meta), into: Self.name)
  }

  /// Writes a revision and records it as held, as a job does.
  func update(_ number: Int, _ revision: Int, _ texts: [String], meta: [String: String] = [:]) async throws {
    try await write(number, revision, texts, meta: meta)
    try await backend.sweep(IndexFixture.document(number), below: revision, in: Self.name)
  }

  /// Returns the chunks nearest to a text, best first.
  func nearest(_ text: String, _ count: Int = 1000, source: String? = nil, where meta: [String: String] = [:])
    async throws -> Candidates
  {
    try await backend.candidates(
      CandidateRequest(
        text: text, vector: IndexFixture.vector(text), nearest: count, keyword: 0, source: source, where: meta),
      in: Self.name)
  }

  /// Returns every chunk that can be found.
  func everything() async throws -> [ChunkID] { try await nearest("").lists.nearest.map(\.chunk).sorted() }
}
