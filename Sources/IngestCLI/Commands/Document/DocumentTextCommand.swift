import IngestApp
import IngestCore
import IngestDocuments
import IngestSteps
import IngestStore

/// `ingestd document text`.
package enum DocumentTextCommand: Command {
  package static let page = Parameter(
    option: "--page", type: .integer("N", 1...Int.max), summary: "Only this page, from 1.")

  package static let spec = CommandSpec(
    "document text", "Print a document's text as it was read", group: .documents,
    parameters: [
      SharedParameters.document.spec, SharedParameters.index.spec, SharedParameters.onlySource.spec, page.spec,
    ],
    examples: [.init("ingestd document text 01KAEZ7 --page 3", "The third page.")],
    exits: [.init(3, "there is no such document"), .init(75, "it has not been read yet")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      let report = try await installation.document(
        context[SharedParameters.document], index: context[SharedParameters.index],
        source: context[SharedParameters.onlySource])
      guard let content = report.content.map(ContentHash.init(rawValue:)) else {
        throw Failure(
          .permanent, code: "DOCUMENT_DELETED", "The document \(report.uri) is deleted.",
          hint: "Submit it again to have it back.", category: .notFound)
      }
      let parser = try await installation.store.live(report.index).spec.parser
      let kept = KeptText(documents: installation.store, blobs: installation.blobs)
      guard let pages = try await kept.pages(of: content, parser: parser) else { throw unread(report) }
      let wanted = context[page].map { number in pages.filter { ($0.number ?? 1) == number } } ?? pages
      if wanted.isEmpty {
        throw Failure(
          .permanent, code: "PAGE_NOT_FOUND", "The document \(report.uri) has no page \(context[page] ?? 0).",
          hint: "It has \(pages.count).", category: .notFound)
      }
      for page in wanted {
        try context.console.json(
          PageLine(
            document: report.document, revision: report.revision, page: page.number, text: page.text))
      }
      if !context.console.isJSON { try PageText.print(wanted, context.console) }
    }
  }

  /// What `--json` prints of each page.
  private struct PageLine: Encodable {
    var document: String
    var revision: Int
    var page: Int?
    var text: String
  }

  private static func unread(_ report: DocumentReport) -> Failure {
    if let job = report.job, report.state == .dead {
      return Failure(
        .permanent, code: "DOCUMENT_NOT_READ", "The document \(report.uri) could not be read: its job died.",
        hint: "`ingestd dead show \(job)` tells why.")
    }
    return Failure(
      .unavailable, code: "DOCUMENT_NOT_READ", "The document \(report.uri) has not been read yet.",
      hint: report.job.map { "`ingestd job show \($0)` tells how far it is." } ?? "Try again in a moment.",
      category: .later)
  }
}
