package import IngestCore

/// An index with all its generations.
package struct IndexListing: Sendable {
  package var index: String
  package var generations: [GenerationReport]

  /// The live generation; nil for an index whose creation was interrupted.
  package var live: GenerationReport? { generations.first { $0.generation.state == .live } }
}

extension Operations {
  /// Returns all indexes, sorted by name.
  package func indexes() async throws -> [IndexListing] {
    var listings: [IndexListing] = []
    for name in try await generations.indexNames() { listings.append(try await index(name)) }
    return listings
  }

  /// Returns an index with all its generations.
  /// - Throws: `INDEX_NOT_FOUND`.
  package func index(_ name: String) async throws -> IndexListing {
    IndexListing(index: name, generations: try await generations.generations(of: name))
  }

  /// Returns who built, swapped, rolled back and deleted generations, newest first.
  /// - Throws: `INDEX_NOT_FOUND`.
  package func history(of index: String, limit: Int) async throws -> [HistoryEntry] {
    try await generations.history(index, limit: limit)
  }

  /// Creates an index with an empty live generation, or returns the one that exists with these settings. Settings that are
  /// not named match any.
  /// - Throws: `CHUNKER_INVALID`, `EMBEDDER_UNKNOWN`, `INDEX_EXISTS` for an index with other settings, and as
  ///   ``createIndex(_:spec:)``.
  package func createIndex(
    _ name: String, _ wishes: GenerationWishes
  ) async throws -> (listing: IndexListing, generation: Generation, isNew: Bool) {
    let known = try await firstOrLive(name)
    if let known { try requireSettings(wishes, of: known) }
    let spec = try known?.spec ?? spec(forIndex: name, wishes)
    let (generation, isNew) = try await createIndex(name, spec: spec)
    // Another process may have created the index since.
    try requireSettings(wishes, of: generation)
    return (try await index(name), generation, isNew)
  }

  /// The live generation, or the first one of an index whose creation was interrupted; nil without an index.
  private func firstOrLive(_ name: String) async throws -> Generation? {
    guard try await generations.indexNames().contains(name) else { return nil }
    let known = try await generations.list(name)
    return known.first { $0.state == .live } ?? known.first
  }

  /// - Throws: `INDEX_EXISTS` with the named settings that differ.
  private func requireSettings(_ wishes: GenerationWishes, of generation: Generation) throws {
    let embedder = try wishes.embedder.map { try settings.embedder(named: $0) }
    let differences = try wishes.differences(from: generation.spec, embedder: embedder)
    guard !differences.isEmpty else { return }
    throw Failure(
      .permanent, code: "INDEX_EXISTS",
      "The index '\(generation.index)' exists with other settings: \(differences.joined(separator: ", ")).",
      hint: "Leave these settings out to keep the index as it is, or build a generation that has them: "
        + "\(wishes.build(generation.index)).", category: .refused)
  }

  /// Builds a new generation beside the live one. Settings that are not named are those of the live generation.
  /// - Throws: `CHUNKER_INVALID`, `EMBEDDER_UNKNOWN`, and as ``build(_:spec:workflow:force:)``.
  package func build(
    _ index: String, _ wishes: GenerationWishes, force: Bool
  ) async throws -> (generation: Generation, job: JobID) {
    let reindex = try workflows.workflow("reindex").pinned
    let live = try await generations.live(index).spec
    return try await build(
      index, spec: try spec(forIndex: index, wishes, live: live), workflow: reindex, force: force)
  }

  /// Checks that an index exists before a submit or a schedule uses it. Only `docs` is created if it is missing.
  /// - Parameter dryRun: makes the same refusals, and creates nothing.
  /// - Throws: `INDEX_NOT_FOUND` with the nearest name.
  package func requireIndex(_ name: String, dryRun: Bool = false) async throws {
    let known = try await generations.indexNames()
    if known.contains(name) {
      // An index whose creation was interrupted is finished below.
      if try await generations.list(name).contains(where: { $0.state == .live }) { return }
    } else if name != Self.implicitIndex {
      let near = nearestName(to: name, among: known + [Self.implicitIndex])
      throw Failure(
        .permanent, code: "INDEX_NOT_FOUND", "There is no index '\(name)'.",
        hint: near.map { "Did you mean '\($0)'?" } ?? "Create it with \(Action(.indexCreate, name)).",
        category: .notFound)
    }
    let spec = try spec(forIndex: name)
    if !dryRun { _ = try await createIndex(name, spec: spec) }
  }

  /// Returns the settings of a new generation: the named ones, else those of the live generation, else the configured ones.
  /// - Throws: `CHUNKER_INVALID`, `EMBEDDER_UNKNOWN`.
  package func spec(
    forIndex index: String, _ wishes: GenerationWishes = GenerationWishes(), live: GenerationSpec? = nil
  ) throws -> GenerationSpec {
    let embedder = try settings.embedder(
      named: wishes.embedder ?? live?.embedder.name ?? settings.embedderName(forIndex: index))
    return try GenerationSpec(
      parser: settings.parser, chunker: wishes.chunker(over: live?.chunker ?? settings.chunker(forIndex: index)),
      embedder: embedder)
  }
}
