import IngestCore
import IngestIndex
import IngestOperations

/// What `index verify` tells.
struct VerificationSummary: Encodable {
  struct Finding: Encodable {
    var document: String
    var kind: DocumentFinding.Kind
    /// At most 50.
    var chunks: [String]
    var chunksTotal: Int
  }

  var index: String
  var generation: Int
  var proved: Bool
  var documents: Int
  var chunks: Int
  /// At most 50.
  var findings: [Finding]
  var findingsTotal: Int
  var strays: Int
  var inFlight: Int
  /// Uris whose newest revision is not held and that no job is bringing, at most 50.
  var unheld: [String]
  var unheldTotal: Int
  var requeued: Int

  init(index: String, _ report: VerificationReport) {
    let verification = report.verification
    self.index = index
    generation = report.generation
    proved = verification.isProved && report.inFlight == 0
    documents = verification.documents
    chunks = verification.chunks
    findings = verification.findings.prefix(50).map { finding in
      Finding(
        document: finding.document.rawValue, kind: finding.kind, chunks: finding.chunks.prefix(50).map(\.description),
        chunksTotal: finding.chunks.count)
    }
    findingsTotal = verification.findings.count
    strays = verification.strays
    inFlight = report.inFlight
    unheld = Array(report.unheld.prefix(50))
    unheldTotal = report.unheld.count
    requeued = report.requeued
  }

  func print(_ console: Console) throws {
    try console.line(
      "generation \(generation) of \(index): \(DecimalText.grouped(documents)) documents, "
        + "\(DecimalText.grouped(chunks)) chunks expected")
    for finding in findings {
      try console.line(
        "  \(finding.kind.rawValue): \(finding.chunksTotal) chunks of document \(finding.document)", .bad)
    }
    if findingsTotal > findings.count { try console.line("  … and \(findingsTotal - findings.count) more findings") }
    if strays > 0 { try console.line("  \(strays) entries that belong to no document", .bad) }
    if unheldTotal > 0 {
      try console.line("  not held (`ingestd document show URI` tells why):", .warning)
    }
    for uri in unheld { try console.line("    \(uri.visible)", .warning) }
    if unheldTotal > unheld.count { try console.line("  … and \(unheldTotal - unheld.count) more") }
    if requeued > 0 { try console.line("\(DecimalText.count(requeued, "document")) queued anew") }
    if proved { try console.line("exactly what the catalogue says", .good) }
  }

  /// A run that cannot prove it does not report success.
  var failure: Failure? {
    if findingsTotal > 0 || strays > 0 {
      return Failure(
        .permanent, code: "INDEX_DIFFERS", "Generation \(generation) of '\(index)' is not what the catalogue says.",
        hint: requeued > 0
          ? "It was repaired as far as possible: let the workers drain, then verify again."
          : "Repair it with `ingestd index verify \(index) --generation \(generation) --repair`.")
    }
    if inFlight > 0 {
      return Failure(
        .unavailable, code: "NOT_PROVED", "Jobs of \(DecimalText.count(inFlight, "document")) have not ended.",
        hint: "Let the workers drain (`ingestd worker --drain`), then verify again.", category: .later)
    }
    return nil
  }
}
