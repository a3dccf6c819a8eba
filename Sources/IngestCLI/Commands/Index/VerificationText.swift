import IngestAPI
import IngestCore

/// The text that `index verify` prints for one generation.
enum VerificationText {
  static func print(_ response: VerificationResponse, _ console: Console) throws {
    try console.line(
      "generation \(response.generation) of \(response.index): \(DecimalText.grouped(response.documents)) documents, "
        + "\(DecimalText.grouped(response.chunks)) chunks expected")
    let findings = response.findings
    for finding in findings {
      try console.line("  \(finding.kind): \(finding.chunksTotal) chunks of document \(finding.document)", .bad)
    }
    if response.findingsTotal > findings.count {
      try console.line("  … and \(response.findingsTotal - findings.count) more findings")
    }
    if response.strays > 0 { try console.line("  \(response.strays) entries that belong to no document", .bad) }
    if response.unheldTotal > 0 {
      try console.line("  not held (`ingestd document show URI` shows why):", .warning)
    }
    for uri in response.unheld { try console.line("    \(uri.visible)", .warning) }
    if response.unheldTotal > response.unheld.count {
      try console.line("  … and \(response.unheldTotal - response.unheld.count) more")
    }
    if response.requeued > 0 { try console.line("\(DecimalText.count(response.requeued, "document")) queued again") }
    if response.proved { try console.line("exactly what the catalogue says", .good) }
  }
}
