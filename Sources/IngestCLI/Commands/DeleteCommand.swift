import IngestAPI
import IngestApp
import IngestConfig
import IngestCore
import IngestIntake
import IngestOperations
import IngestStore

/// `ingestd delete`.
package enum DeleteCommand: Command {
  package static let documents = Parameter(
    arguments: .file("PATH|URI"), summary: "Documents by uri, or by the path that they were submitted from.")
  package static let wait = Parameter(flag: "--wait", summary: "Follow the jobs to their end.")

  package static let spec = CommandSpec(
    "delete", "Remove documents from an index, in every generation", group: .documents,
    details: [
      "A delete is a revision like any other: it runs as a job, and older jobs cannot bring the document back."
    ],
    parameters: [documents.spec, SharedParameters.source.spec, SharedParameters.index.spec, wait.spec],
    examples: [
      .init("ingestd delete handbook/old.pdf --source handbook", "The document that was submitted from this path."),
      .init("ingestd delete https://example.org/a.html", "A document by its uri."),
    ],
    exits: [
      .init(1, "with --wait, a job did not complete"),
      .init(3, "a document is not in the index; the others are removed"),
      .init(4, "a delete was refused by a rate limit, which tells when to ask again; the others are removed"),
      .init(75, "with --wait, no worker is running; the deletes are accepted all the same"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let source = context[SharedParameters.source]
    let index = context[SharedParameters.index]
    try NameRule.checkSource(source)
    try await context.withInstallation { installation in
      _ = try await installation.store.list(index)
      let workflow = try installation.workflowLibrary.get("delete").pinned
      let template = SubmitRequest(
        index: index, source: source, uri: "", change: .delete, workflow: workflow,
        actor: context.actor.description)
      var jobs: [JobID] = []
      var refusal: Failure?
      for text in context[documents] {
        var line = SubmissionLine(template, uri: text, outcome: .planned)
        do {
          let (uri, receipt) = try await delete(text, template, installation, context)
          line = SubmissionLine(template, uri: uri, outcome: .answered(receipt))
          if let job = receipt.job { jobs.append(job) }
          try context.console.line(words(receipt, uri))
        } catch let failure as Failure where failure.reason == .documentNotFound || failure.isRateLimit {
          refusal = failure
          line.outcome = .refused(failure)
          line.nextAt = failure.retryAfter.map { context.clock.now + $0 }
          if !context.console.isJSON { try context.console.report(failure) }
        }
        try context.console.json(SubmitResponse(line))
      }
      var exit = refusal.map { ExitStatus($0.category.exitStatus) }
      if context[wait], !jobs.isEmpty {
        let ends = try await JobFollower(installation: installation, console: context.console).follow(jobs)
        if ends.completed < jobs.count { exit = .failed }
      }
      if let exit { throw exit }
    }
  }

  /// Deletes what the text may mean, likeliest first: a uri, a path, a document's whole id.
  private static func delete(
    _ text: String, _ template: SubmitRequest, _ installation: Installation, _ context: CommandContext
  ) async throws -> (uri: String, receipt: SubmitReceipt) {
    var request = template
    var missing: Failure?
    var candidates = DocumentURI.candidates(text)[...]
    while true {
      guard let uri = candidates.popFirst() else { break }
      request.uri = uri
      do {
        return (uri, try await installation.operations(as: context.actor).submit(request))
      } catch let failure as Failure where failure.reason == .documentNotFound {
        missing = missing ?? failure
      }
    }
    if text.utf8.count == 26,
      let found = try? await installation.store.document(text, index: template.index, source: template.source)
    {
      request.uri = found.uri
      return (found.uri, try await installation.operations(as: context.actor).submit(request))
    }
    throw missing
      ?? Failure(
        .permanent, code: "DOCUMENT_NOT_FOUND", "There is no document '\(text)'.", reason: .documentNotFound)
  }

  private static func words(_ receipt: SubmitReceipt, _ uri: String) -> String {
    switch receipt.outcome {
    case .accepted:
      "\(uri.visible): its deletion is revision \(receipt.revision)"
        + (receipt.job.map { ", job \($0)" } ?? "")
    case .unchanged: "\(uri.visible): deleted already"
    case .duplicate: "\(uri.visible): its deletion is on the way already"
    case .skipped: "\(uri.visible): skipped, job \(receipt.job.map(\.rawValue) ?? "") is open for the same key"
    }
  }
}
