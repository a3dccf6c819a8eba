package import IngestCore
package import IngestIndex

/// The result of `index verify` for one generation.
package struct VerificationReport: Sendable {
  package var generation: Int
  package var verification: IndexVerification
  /// Documents that a job is writing now, so that they cannot be verified.
  package var inFlight: Int
  /// Documents whose wanted revision is not held and for which no job is open.
  package var unheld: [String]
  /// Documents that a repair has queued again.
  package var requeued: Int
}

extension VerificationReport {
  /// Whether the generation holds exactly what the catalogue says.
  package var isProved: Bool { verification.isProved && inFlight == 0 }

  /// Returns the reason why the generation is not proved; nil if it is. A run that cannot prove it does not report success.
  package func failure(index: String) -> Failure? {
    if !verification.isProved {
      return Failure(
        .permanent, code: "INDEX_DIFFERS", "Generation \(generation) of '\(index)' is not what the catalogue says.",
        hint: requeued > 0
          ? "It was repaired as far as possible: let the workers drain, then verify again."
          : "Repair it with \(Action(.indexVerify, index, with: ["generation": "\(generation)", "repair": nil])).")
    }
    if inFlight > 0 {
      return Failure(
        .unavailable, code: "NOT_PROVED", "Jobs are still writing \(DecimalText.count(inFlight, "document")).",
        hint: "Let the workers drain (\(Action(.worker, with: ["drain": nil]))), then verify again.", category: .later)
    }
    return nil
  }
}

extension Operations {
  /// Proves promise 5 for each open generation, or for the named one, against its back end.
  /// - Parameters:
  ///   - repair: whether to remove extra chunks and queue missing documents.
  ///   - body: called with each generation's report as soon as it is known.
  /// - Throws: `INDEX_NOT_FOUND`, `GENERATION_NOT_FOUND`, `GENERATION_DELETED`, and what `body` throws.
  package func verify(
    _ index: String, only number: Int?, repair: Bool, _ body: (VerificationReport) async throws -> Void
  ) async throws {
    let open = try await generations.list(index).filter(\.isOpen)
    for number in number.map({ [$0] }) ?? open.map(\.number) {
      try await body(try await verify(index, generation: number, repair: repair))
    }
  }

  /// Proves promise 5 for one generation against its back end. With `repair`, restores the generation.
  package func verify(_ index: String, generation number: Int, repair: Bool) async throws -> VerificationReport {
    let name = GenerationName(index: index, number: number)
    let generation = try await generations.generation(index, number)
    guard generation.isOpen else {
      throw Failure(
        .permanent, code: "GENERATION_DELETED", "Generation \(number) of '\(index)' was deleted.",
        hint: "\(Action(.indexShow, index)) lists the others.", category: .refused)
    }
    let backend = try backends.backend(for: generation.spec).requireVerifiable()
    if repair {
      // Missing files are created again, empty. Then their documents are queued like any missing document.
      try await backend.create(name, dimensions: generation.spec.embedder.dimensions)
    }
    var report = try await proof(name)
    guard repair, !report.verification.isProved || !report.unheldDocuments.isEmpty else {
      return VerificationReport(
        generation: number, verification: report.verification, inFlight: report.inFlight, unheld: report.unheld,
        requeued: 0)
    }
    var damaged: [DocumentID] = []
    for finding in report.verification.findings {
      for revision in Set(finding.chunks.map(\.revision)).sorted() {
        try await backend.purge(finding.document, revisions: revision...revision, in: name)
      }
      if damaged.last != finding.document { damaged.append(finding.document) }
    }
    if report.verification.strays > 0 { try await backend.purgeStrays(in: name) }
    var requeued = try await generations.requeue(index, number, documents: damaged, actor: actorText)
    // A document that is only behind stays intact: if its job dies, searches still find the revision before.
    let behind = report.unheldDocuments.filter { !damaged.contains($0) }
    requeued += try await generations.queueWanted(index, number, documents: behind, actor: actorText)
    if requeued == 0 { report = try await proof(name) }
    return VerificationReport(
      generation: number, verification: report.verification, inFlight: report.inFlight, unheld: report.unheld,
      requeued: requeued)
  }

  private struct Proof {
    var verification: IndexVerification
    var inFlight: Int
    var unheld: [String]
    var unheldDocuments: [DocumentID]
  }

  private func proof(_ name: GenerationName) async throws -> Proof {
    let verification = try await GenerationProof(generations: generations, backends: backends).run(name)
    var proof = Proof(verification: verification, inFlight: 0, unheld: [], unheldDocuments: [])
    var after: DocumentID?
    repeat {
      let page = try await generations.holdings(name.index, name.number, after: after, limit: 1000)
      for holding in page {
        if holding.inFlight {
          proof.inFlight += 1
        } else if holding.revision != holding.wanted, !(holding.wantedChange == .delete && holding.revision == nil) {
          proof.unheld.append(holding.uri)
          // A person redrives a dead letter, once the cause is fixed.
          if !holding.died { proof.unheldDocuments.append(holding.document) }
        }
      }
      after = page.last?.document
    } while after != nil
    return proof
  }
}
