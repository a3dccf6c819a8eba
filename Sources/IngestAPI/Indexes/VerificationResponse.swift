import IngestCore
import IngestIndex
package import IngestOperations

/// The result of `index verify` for one generation.
package struct VerificationResponse: Codable, Hashable, Sendable {
  package struct Finding: Codable, Hashable, Sendable {
    package var document: String
    /// `missing`, `stale`, `duplicate`, `vector_missing`, `full_text_missing` or `hidden`.
    package var kind: String
    /// At most 50.
    package var chunks: [String]
    package var chunksTotal: Int

    init(_ finding: DocumentFinding) {
      document = finding.document.rawValue
      kind = finding.kind.rawValue
      chunks = finding.chunks.prefix(50).map(\.description)
      chunksTotal = finding.chunks.count
    }
  }

  package var index: String
  package var generation: Int
  package var proved: Bool
  package var documents: Int
  package var chunks: Int
  /// At most 50.
  package var findings: [Finding]
  package var findingsTotal: Int
  package var strays: Int
  /// Documents that a job is writing, so that they cannot be verified.
  package var inFlight: Int
  /// Uris of documents whose newest revision is not held and for which no job is open, at most 50.
  package var unheld: [String]
  package var unheldTotal: Int
  package var requeued: Int

  package init(index: String, _ report: VerificationReport) {
    let verification = report.verification
    self.index = index
    generation = report.generation
    proved = report.isProved
    documents = verification.documents
    chunks = verification.chunks
    findings = verification.findings.prefix(50).map(Finding.init)
    findingsTotal = verification.findings.count
    strays = verification.strays
    inFlight = report.inFlight
    unheld = Array(report.unheld.prefix(50))
    unheldTotal = report.unheld.count
    requeued = report.requeued
  }
}
