package import IngestCore

/// The reasons why a back end or a search refuses a call.
package enum IndexError: Error, Hashable, Sendable {
  /// The generation was deleted or never created. The caller resolves the alias again.
  case generationMissing(GenerationName)
  /// A generation of this name exists with another number of dimensions.
  case dimensionsDiffer(GenerationName, held: Int, wanted: Int)
  /// A vector or a query of the wrong length.
  case wrongDimensions(GenerationName, expected: Int, found: Int)
  /// A vector that contains NaN or infinity.
  case notFinite(GenerationName, document: DocumentID, ordinal: Int)
  /// The given chunks are not consecutive, or leave a gap after the staged ones.
  case gap(DocumentID, expected: Int, found: Int)
  /// A publication of which some chunks are missing.
  case incomplete(DocumentID, staged: Int, expected: Int)
  /// The request is invalid, such as `k` of 0.
  case badRequest(String)
  /// The files contradict themselves.
  case damaged(GenerationName, String)
  /// The disk or the database failed.
  case storage(GenerationName, Failure)
  /// The spec names a back end that this program does not have. `known` lists those that it has.
  case unknownBackend(String, known: [String])
  /// The back end lacks an optional ability, such as "list what it holds".
  case unsupported(backend: String, what: String)
  /// A keyword search in a back end without keyword search.
  case noKeywordSearch(backend: String)
}

extension IndexError: FailureConvertible {
  package var failure: Failure {
    switch self {
    case .generationMissing(let name):
      Failure(
        .permanent, code: "GENERATION_MISSING", "The generation \(name) does not exist.",
        hint: "See the existing ones with \(Action(.indexShow, name.index)).", category: .notFound)
    case .dimensionsDiffer(let name, let held, let wanted):
      Failure(
        .permanent, code: "GENERATION_EXISTS",
        "The generation \(name) exists with \(held) dimensions, not \(wanted).",
        hint: "Build another generation with \(Action(.indexBuild, name.index)).", category: .refused)
    case .wrongDimensions(let name, let expected, let found):
      Failure(
        .permanent, code: "WRONG_DIMENSIONS",
        "\(name) holds vectors of \(expected) dimensions, but this one has \(found).",
        hint: "Check the embedder's `dimensions`; another embedder needs a new generation (\(Action(.indexBuild))).",
        category: .invalid)
    case .notFinite(let name, let document, let ordinal):
      Failure(
        .permanent, code: "VECTOR_NOT_FINITE",
        "The vector for chunk \(ordinal) of document \(document) in \(name) contains NaN or infinity.",
        hint: "Check the embedding provider with \(Action(.doctor)).")
    case .gap(let document, let expected, let found):
      Failure(
        .transient, code: "CHUNK_GAP", "Chunk \(found) of document \(document) arrived, but chunk \(expected) is next.",
        hint: "The step starts over when it runs again. If the error persists, replay the job from its chunk step.")
    case .incomplete(let document, let staged, let expected):
      Failure(
        .transient, code: "CHUNKS_INCOMPLETE", "\(staged) of \(expected) chunks of document \(document) are stored.",
        hint: "The step writes the missing ones when it runs again.")
    case .badRequest(let what):
      Failure(
        .permanent, code: "BAD_SEARCH", what, hint: "See \(Action(.search, with: ["h": nil])).", category: .invalid)
    case .damaged(let name, let what):
      Failure(
        .permanent, code: "INDEX_DAMAGED", "The generation \(name) is damaged: \(what).",
        hint:
          "Run \(Action(.indexVerify, name.index, with: ["repair": nil])), or build a new generation with \(Action(.indexBuild))."
      )
    case .storage(let name, let cause): cause.of(name)
    case .unknownBackend(let backend, let known):
      Failure(
        .permanent, code: "UNKNOWN_BACKEND", "There is no index back end called \(backend).",
        hint: "This program has: \(known.joined(separator: ", ")).", category: .invalid)
    case .unsupported(let backend, let what):
      Failure(
        .permanent, code: "BACKEND_UNSUPPORTED", "The index back end \(backend) cannot \(what).",
        hint: "Build a generation in a back end that can, such as sqlite.", category: .refused)
    case .noKeywordSearch(let backend):
      Failure(
        .permanent, code: "KEYWORD_SEARCH_UNSUPPORTED", "The index back end \(backend) cannot search by keyword.",
        hint:
          "Search by vectors, with \(Action(.search, with: ["mode": "vector"])), or build a generation in a back end that can, such as sqlite.",
        category: .invalid)
    }
  }
}

extension Failure {
  fileprivate func of(_ name: GenerationName) -> Failure {
    var failure = self
    failure.message = "The generation \(name): \(message)"
    return failure
  }
}
