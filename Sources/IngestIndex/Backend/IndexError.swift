package import IngestCore

/// What a back end or a search can refuse.
package enum IndexError: Error, Hashable, Sendable {
  /// It was deleted or never made: resolve the alias again.
  case generationMissing(GenerationName)
  /// A generation of this name with another number of dimensions is there.
  case dimensionsDiffer(GenerationName, held: Int, wanted: Int)
  /// A vector or a query of the wrong length.
  case wrongDimensions(GenerationName, expected: Int, found: Int)
  /// A vector with NaN or infinity in it.
  case notFinite(GenerationName, document: DocumentID, ordinal: Int)
  /// The chunks given are not consecutive, or leave a gap after those that are staged.
  case gap(DocumentID, expected: Int, found: Int)
  /// A publication of chunks that are not all there.
  case incomplete(DocumentID, staged: Int, expected: Int)
  /// The request makes no sense, such as `k` of 0.
  case badRequest(String)
  /// The files contradict themselves.
  case damaged(GenerationName, String)
  /// The disk or the database failed.
  case storage(GenerationName, Failure)
  /// The spec names a back end that this program does not have; it has those that are known.
  case unknownBackend(String, known: [String])
  /// The back end cannot do something that only some do, such as "list what it holds".
  case unsupported(backend: String, what: String)
  /// A keyword search in a back end that has none.
  case noKeywordSearch(backend: String)
}

extension IndexError: FailureConvertible {
  package var failure: Failure {
    switch self {
    case .generationMissing(let name):
      Failure(
        .permanent, code: "GENERATION_MISSING", "The generation \(name) does not exist.",
        hint: "See \(Action(.indexShow, name.index)) for those that do.", category: .notFound)
    case .dimensionsDiffer(let name, let held, let wanted):
      Failure(
        .permanent, code: "GENERATION_EXISTS",
        "\(name) is there already, with \(held) dimensions instead of \(wanted).",
        hint: "Build another generation with \(Action(.indexBuild, name.index)).", category: .refused)
    case .wrongDimensions(let name, let expected, let found):
      Failure(
        .permanent, code: "WRONG_DIMENSIONS",
        "\(name) holds vectors of \(expected) dimensions, and this one has \(found).",
        hint: "Check the embedder's `dimensions`; another embedder needs a new generation (\(Action(.indexBuild))).",
        category: .invalid)
    case .notFinite(let name, let document, let ordinal):
      Failure(
        .permanent, code: "VECTOR_NOT_FINITE",
        "The vector for chunk \(ordinal) of document \(document) in \(name) has NaN or infinity in it.",
        hint: "Check the embedding provider with \(Action(.doctor)).")
    case .gap(let document, let expected, let found):
      Failure(
        .transient, code: "CHUNK_GAP", "Chunk \(found) of document \(document) came where \(expected) was next.",
        hint: "The step begins anew when it runs again; if this lasts, replay the job from its chunk step.")
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
