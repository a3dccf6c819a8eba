import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd job signal`.
package enum JobSignalCommand: Command {
  package static let name = Parameter(argument: .text("NAME"), summary: "The signal's name, as the workflow has it.")
  package static let payload = Parameter(
    option: "--payload", type: .text("JSON"), summary: "What comes with it: JSON, @FILE, or - for standard input."
  ).borrowing(GlobalOptions.data.spec.key, where: SignalData.isData)

  package static let spec = CommandSpec(
    "job signal", "Send a job the signal that it waits for", section: .work,
    details: [
      "A signal that is sent before the job waits for it is kept. Each send counts: a `wait-for-signal` step takes one, "
        + "the oldest first.",
      "--data is understood as --payload where its value is an object, an array, a text in quotes, a number, true, false, "
        + "null, @FILE or -; anything else names the data folder.",
    ],
    parameters: [SharedParameters.job.spec, name.spec, payload.spec],
    examples: [
      .init("ingestd job signal 01KAEZ7 scanned --data '{\"pages\": 12}'", "With an object."),
      .init("ingestd job signal 01KAEZ7 scanned --data @answer.json", "With a file's content."),
    ],
    exits: [
      .init(2, "the name is no name, or the data no JSON"), .init(3, "no job has this id"),
      .init(4, "the job has ended, or the data is too large"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let data = try SignalData.read(context[payload])
    let (job, receipt) = try await context.withOperations {
      try await $0.signal(context[SharedParameters.job], name: context[name], data: data)
    }
    try context.console.json(SignalResponse(job: job, receipt))
    try context.console.line(
      receipt.taken
        ? "job \(job) has the signal and goes on"
        : "job \(job) does not wait for '\(receipt.name)' now; the signal is kept for it")
  }
}
