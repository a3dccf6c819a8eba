import IngestApp
import IngestCore
import IngestOperations
import IngestStore

/// `ingestd job approve`.
package enum JobApproveCommand: Command {
  package static let step = Parameter(
    option: "--step", type: .text("STEP"), defaultText: "the one that is waited for",
    summary: "Which approval; one that is named may be answered early.")
  package static let reject = Parameter(flag: "--reject", summary: "Say no: the job ends as a dead letter.")
  package static let reason = Parameter(option: "--reason", type: .text("TEXT"), summary: "Why; kept with the job.")
  package static let by = Parameter(
    option: "--by", type: .text("NAME"), defaultText: "you", summary: "Who says so; kept with the job.")

  /// Characters of `--by` and `--reason`.
  private static let limits = (by: 128, reason: 4000)

  package static let spec = CommandSpec(
    "job approve", "Answer the approval that a job waits for", group: .work,
    parameters: [SharedParameters.job.spec, step.spec, reject.spec, reason.spec, by.spec],
    examples: [
      .init("ingestd job approve 01KAEZ7 --reason 'checked with legal'", "Let it go on."),
      .init("ingestd job approve 01KAEZ7 --reject --reason 'wrong file'", "End it."),
    ],
    exits: [
      .init(3, "no job has this id, or its workflow no such approval"),
      .init(4, "the job has ended, or it waits for no approval"),
    ])

  package static func run(_ context: CommandContext) async throws {
    try check(context[by], "--by", limits.by)
    try check(context[reason], "--reason", limits.reason)
    try await context.withInstallation { installation in
      let job = try await installation.store.resolveJob(context[SharedParameters.job])
      let receipt = try await installation.operations(as: context.actor).signals.approve(
        job, step: context[step], approved: !context[reject], reason: context[reason],
        actor: context[by] ?? context.actor.description)
      let answer = context[reject] ? "refused" : "approved"
      try SignalReceiptLine(job: job, receipt).print(
        context.console,
        receipt.taken
          ? "step \(receipt.name) of job \(job) is \(answer)"
          : "step \(receipt.name) of job \(job) is \(answer) as soon as it asks")
    }
  }

  private static func check(_ text: String?, _ option: String, _ limit: Int) throws {
    guard let text, text.unicodeScalars.count > limit else { return }
    throw Failure(
      .permanent, code: "TEXT_TOO_LONG", "\(option) has more than \(limit) characters.",
      hint: "Say it shorter; a longer text can stand in a file that it names.", category: .invalid)
  }
}
