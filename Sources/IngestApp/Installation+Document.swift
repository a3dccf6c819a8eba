package import IngestCore
import IngestIntake
import IngestStore

extension Installation {
  /// The document that a person names: by id, a beginning of it, uri, or the path that it was submitted from.
  package func document(_ name: String, index: String, source: String?) async throws -> DocumentReport {
    _ = try await store.list(index)
    var missing: Failure?
    for candidate in DocumentURI.candidates(name) {
      do {
        return try await store.document(candidate, index: index, source: source)
      } catch let failure as Failure where failure.reason == .documentNotFound {
        missing = missing ?? failure
      }
    }
    throw missing ?? Failure(.permanent, code: "DOCUMENT_NOT_FOUND", "There is no such document.", category: .notFound)
  }
}
