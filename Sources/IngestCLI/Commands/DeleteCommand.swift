import IngestAPI
import IngestCore
import IngestIntake
import IngestOperations

/// `ingestd delete`.
package enum DeleteCommand: Command {
  package static let documents = Parameter(
    arguments: .file("PATH|URI"), summary: "Uris of documents, or the paths that they were submitted from.")
  package static let wait = Parameter(flag: "--wait", summary: "Follow the jobs until they have ended.")

  package static let spec = CommandSpec(
    "delete", "Delete documents from every generation of an index", section: .documents,
    details: [
      "A delete is a new revision of the document and runs as a job. Older jobs cannot bring the document back."
    ],
    parameters: [documents.spec, SharedParameters.source.spec, SharedParameters.index.spec, wait.spec],
    examples: [
      .init("ingestd delete handbook/old.pdf --source handbook", "The document that was submitted from this path."),
      .init("ingestd delete https://example.org/a.html", "A document by its uri."),
    ],
    exits: [
      .init(1, "with --wait, a job did not complete"),
      .init(3, "a document is not in the index; the others are deleted"),
      .init(75, "with --wait, no worker is running; the deletes stay accepted"),
    ])

  package static func run(_ context: CommandContext) async throws {
    try NameRule.checkSource(context[SharedParameters.source])
    try await context.withOperations { operations in
      let report = try await operations.delete(
        context[documents], source: context[SharedParameters.source], index: context[SharedParameters.index]
      ) { line in
        switch line.outcome {
        case .answered(let receipt): try context.console.line(words(receipt, line.uri))
        case .refused(let failure): if !context.console.isJSON { try context.console.report(failure) }
        case .planned, .vanished, .skipped: break
        }
        try context.console.json(SubmitResponse(line))
      }
      var exit = report.refusal.map { ExitStatus($0.category.exitStatus) }
      if context[wait], !report.jobs.isEmpty {
        let followed = try await JobFollower(operations: operations, console: context.console).follow(report.jobs)
        if followed.completed < report.jobs.count { exit = .failed }
      }
      if let exit { throw exit }
    }
  }

  private static func words(_ receipt: SubmitReceipt, _ uri: String) -> String {
    switch receipt.outcome {
    case .accepted:
      "\(uri.visible): the delete is revision \(receipt.revision)"
        + (receipt.job.map { ", job \($0)" } ?? "")
    case .unchanged: "\(uri.visible): deleted already"
    case .duplicate: "\(uri.visible): a delete is under way already"
    case .skipped: "\(uri.visible): skipped, job \(receipt.job.map(\.rawValue) ?? "") is open for the same key"
    }
  }
}
