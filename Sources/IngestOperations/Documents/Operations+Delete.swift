package import IngestCore
package import IngestIntake

/// What became of a deletion of several documents.
package struct DeletionReport: Sendable {
  /// Those to wait for: the live generation's jobs.
  package var jobs: [JobID] = []
  /// Why the last of those that were refused was; nil where all were accepted.
  package var refusal: Failure?
}

extension Operations {
  /// Deletes documents that people named. A refusal of one leaves the others as they are.
  ///
  /// What the configuration says of limits is taken over first.
  /// - Parameter tell: called with what became of each, in their order.
  /// - Throws: `INDEX_NOT_FOUND`, and what would meet every other document too.
  package func delete(
    _ names: [String], source: String, index: String, tell: (SubmissionLine) throws -> Void
  ) async throws -> DeletionReport {
    try NameRule.checkSource(source)
    try await takeOverFlow()
    _ = try await generations.list(index)
    let template = SubmitRequest(
      index: index, source: source, uri: "", change: .delete, workflow: try workflows.workflow("delete").pinned,
      actor: actor.description)
    var report = DeletionReport()
    for name in names {
      do {
        let (uri, receipt) = try await delete(name, template)
        if let job = receipt.job { report.jobs.append(job) }
        try tell(SubmissionLine(template, uri: uri, outcome: .answered(receipt)))
      } catch let failure as Failure where failure.reason == .documentNotFound {
        report.refusal = failure
        try tell(SubmissionLine(template, uri: name, outcome: .refused(failure)))
      }
    }
    return report
  }

  /// Deletes what the name may mean, likeliest first: a uri, a path, a document's whole id.
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
        .permanent, code: "DOCUMENT_NOT_FOUND", "There is no document '\(name)'.", reason: .documentNotFound)
  }
}
