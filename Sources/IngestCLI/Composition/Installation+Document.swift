import IngestCore
import IngestIntake
import IngestStore

extension Installation {
  /// The document that a command names: by id, a beginning of it, uri, or the path that it was submitted from.
  func document(_ context: CommandContext) async throws -> DocumentReport {
    let index = context[SharedParameters.index]
    _ = try await store.list(index)
    var missing: Failure?
    for candidate in DocumentURI.candidates(context[SharedParameters.document]) {
      do {
        return try await store.document(candidate, index: index, source: context[SharedParameters.onlySource])
      } catch let failure as Failure where failure.code == "DOCUMENT_NOT_FOUND" {
        missing = missing ?? failure
      }
    }
    throw missing ?? Failure(.permanent, code: "DOCUMENT_NOT_FOUND", "There is no such document.", category: .notFound)
  }
}
