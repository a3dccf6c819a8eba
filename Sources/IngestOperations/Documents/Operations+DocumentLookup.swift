package import IngestCore
import IngestIntake

extension Operations {
  /// Returns the document that a person names.
  /// - Parameter name: the document's id, a unique beginning of it, its uri, or the path that it was submitted from.
  /// - Throws: `INDEX_NOT_FOUND`, `DOCUMENT_NOT_FOUND`, `DOCUMENT_AMBIGUOUS`.
  package func document(_ name: String, index: String, source: String?) async throws -> DocumentReport {
    _ = try await generations.list(index)
    var missing: Failure?
    for candidate in DocumentURI.candidates(name) {
      do {
        return try await documents.document(candidate, index: index, source: source)
      } catch let failure as Failure where failure.reason == .documentNotFound {
        missing = missing ?? failure
      }
    }
    throw missing ?? Failure(.permanent, code: "DOCUMENT_NOT_FOUND", "There is no such document.", category: .notFound)
  }
}
