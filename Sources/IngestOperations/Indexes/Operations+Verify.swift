package import IngestCore
package import IngestIndex

/// What `index verify` found, and did about it.
package struct VerificationReport: Sendable {
  package var generation: Int
  package var verification: IndexVerification
  /// Documents that a job is writing right now, so that nothing can be said of them.
  package var inFlight: Int
  /// Documents whose wanted revision is not held and that no job is bringing.
  package var unheld: [String]
  /// With repair: documents queued anew.
  package var requeued: Int
}

extension VerificationReport {
  /// Whether the generation holds exactly what the catalogue says.
  package var isProved: Bool { verification.isProved && inFlight == 0 }

  /// Why the generation is not proved; nil if it is. A run that cannot prove it does not report success.
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
        .unavailable, code: "NOT_PROVED", "Jobs of \(DecimalText.count(inFlight, "document")) have not ended.",
        hint: "Let the workers drain (\(Action(.worker, with: ["drain": nil]))), then verify again.", category: .later)
    }
    return nil
  }
}

extension Operations {
  /// Proves promise 5 of each open generation, or of the one named, against its back end.
  /// - Parameters:
  ///   - repair: removes what should not be there and queues what is missing.
  ///   - body: called with each generation's report as soon as it is there.
  /// - Throws: `INDEX_NOT_FOUND`, `GENERATION_NOT_FOUND`, `GENERATION_DELETED`, and what `body` throws.
  package func verify(
    _ index: String, only number: Int?, repair: Bool, _ body: (VerificationReport) async throws -> Void
  ) async throws {
    let open = try await generations.list(index).filter(\.isOpen)
    for number in number.map({ [$0] }) ?? open.map(\.number) {
      try await body(try await verify(index, generation: number, repair: repair))
    }
  }

  /// Proves promise 5 of one generation against its back end, and with `repair` restores it.
  package func verify(_ index: String, generation number: Int, repair: Bool) async throws -> VerificationReport {
    let name = GenerationName(index: index, number: number)
    let generation = try await generations.generation(index, number)
    guard generation.isOpen else {
      throw Failure(
        .permanent, code: "GENERATION_DELETED", "Generation \(number) of '\(index)' was deleted.",
        hint: "\(Action(.indexShow, index)) lists those that are there.", category: .refused)
    }
    let backend = try backends.backend(for: generation.spec).requireVerifiable()
    if repair {
      // Files that are gone are made again, empty, and then filled like anything else that is missing.
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
    // What is only behind is sound: should its job die, the revision before is still held, and searches find it.
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
          // What died is a person's to redrive, once the cause is mended.
          if !holding.died { proof.unheldDocuments.append(holding.document) }
        }
      }
      after = page.last?.document
    } while after != nil
    return proof
  }
}
