import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd job approve`.
package enum JobApproveCommand: Command {
  package static let step = Parameter(
    option: "--step", type: .text("STEP"), defaultText: "the one that the job waits for",
    summary: "The approval's step. A named one may be answered before the job asks.")
  package static let reject = Parameter(flag: "--reject", summary: "Reject: the job becomes a dead letter.")
  package static let reason = Parameter(
    option: "--reason", type: .text("TEXT"), summary: "Why, at most 4000 characters; kept with the job.")
  package static let by = Parameter(
    option: "--by", type: .text("NAME"), defaultText: "you",
    summary: "Who answers, at most 128 characters; kept with the job.")

  package static let spec = CommandSpec(
    "job approve", "Answer the approval that a job waits for", section: .work,
    parameters: [SharedParameters.job.spec, step.spec, reject.spec, reason.spec, by.spec],
    examples: [
      .init("ingestd job approve 01KAEZ7 --reason 'checked with legal'", "Approve: the job continues."),
      .init("ingestd job approve 01KAEZ7 --reject --reason 'wrong file'", "Reject: the job ends."),
    ],
    exits: [
      .init(3, "no job has this id, or its workflow has no such approval"),
      .init(4, "the job has ended, waits for no approval, or has its answer"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let request = ApprovalRequest(
      job: context[SharedParameters.job], step: context[step], isApproved: !context[reject], reason: context[reason],
      by: context[by])
    try request.check()
    let (job, receipt) = try await context.withOperations { try await $0.approve(request) }
    let answer = context[reject] ? "rejected" : "approved"
    try context.console.json(SignalResponse(job: job, receipt))
    try context.console.line(
      receipt.taken
        ? "step \(receipt.name) of job \(job) is \(answer)"
        : "step \(receipt.name) of job \(job) is \(answer) as soon as it asks")
  }
}
