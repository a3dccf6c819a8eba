package import IngestCore
package import IngestIntake

/// The result of a deletion of several documents.
package struct DeletionReport: Sendable {
  /// The jobs in the live generation, which a caller can wait for.
  package var jobs: [JobID] = []
  /// The failure of the last refused document; nil if all were accepted.
  package var refusal: Failure?
}

extension Operations {
  /// Deletes the named documents. A refusal of one does not affect the others. The configured limits are applied first.
  /// - Parameter report: called with the outcome of each document, in their order.
  /// - Throws: `INDEX_NOT_FOUND`, and failures that concern every document.
  package func delete(
    _ names: [String], source: String, index: String, report: (SubmissionLine) throws -> Void
  ) async throws -> DeletionReport {
    try NameRule.checkSource(source)
    try await takeOverFlow()
    _ = try await generations.list(index)
    let template = SubmitRequest(
      index: index, source: source, uri: "", change: .delete, workflow: try workflows.workflow("delete").pinned,
      actor: actor.description)
    var deletion = DeletionReport()
    for name in names {
      do {
        let (uri, receipt) = try await delete(name, template)
        if let job = receipt.job { deletion.jobs.append(job) }
        try report(SubmissionLine(template, uri: uri, outcome: .answered(receipt)))
      } catch let failure as Failure where failure.reason == .documentNotFound {
        deletion.refusal = failure
        try report(SubmissionLine(template, uri: name, outcome: .refused(failure)))
      }
    }
    return deletion
  }

  /// Deletes the document that the name means. It tries a uri first, then a path, then a document's whole id.
  private func delete(_ name: String, _ template: SubmitRequest) async throws -> (uri: String, receipt: SubmitReceipt) {
    var request = template
    var missing: Failure?
    for uri in DocumentURI.candidates(name) {
      request.uri = uri
      do {
        return (uri, try await submit(request))
      } catch let failure as Failure where failure.reason == .documentNotFound {
        missing = missing ?? failure
      }
    }
    if name.utf8.count == 26,
      let found = try? await documents.document(name, index: template.index, source: template.source)
    {
      request.uri = found.uri
      return (found.uri, try await submit(request))
    }
    throw missing
      ?? Failure(
        .permanent, code: "DOCUMENT_NOT_FOUND", "There is no document '\(name)'.", category: .notFound,
        reason: .documentNotFound)
  }
}
