import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd job signal`.
package enum JobSignalCommand: Command {
  package static let name = Parameter(argument: .text("NAME"), summary: "The signal's name, as in the workflow's step.")
  package static let payload = Parameter(
    option: "--payload", type: .text("JSON"),
    summary: "The signal's data: JSON, @FILE, or - for standard input; at most 64 KiB."
  ).borrowing(GlobalOptions.data.spec.key, where: isData)

  package static let spec = CommandSpec(
    "job signal", "Send a job the signal that it waits for", section: .work,
    details: [
      "A signal that arrives before the job waits for it is kept. Each one counts: a `wait-for-signal` step takes one, the "
        + "oldest first.",
      "--data means --payload if its value is an object, an array, a text in quotes, a number, true, false, null, @FILE or "
        + "-. Any other value names the data folder.",
    ],
    parameters: [SharedParameters.job.spec, name.spec, payload.spec],
    examples: [
      .init("ingestd job signal 01KAEZ7 scanned --data '{\"pages\": 12}'", "With an object."),
      .init("ingestd job signal 01KAEZ7 scanned --data @answer.json", "With the content of a file."),
    ],
    exits: [
      .init(2, "the name is not valid, or the data is not JSON"), .init(3, "no job has this id"),
      .init(4, "the job has ended, the data is too large, or too many signals wait"),
    ])

  /// Whether a value of `--data` can only be a signal's data: a folder of such a name is given as `./NAME`.
  @Sendable private static func isData(_ text: String) -> Bool {
    text == "-" || ["@", "{", "[", "\""].contains { text.hasPrefix($0) } || JSONValue(parsing: text) != nil
  }

  package static func run(_ context: CommandContext) async throws {
    let data = try context[payload].map(DataArgument.signal.read) ?? "null"
    let (job, receipt) = try await context.withOperations {
      try await $0.signal(context[SharedParameters.job], name: context[name], data: data)
    }
    try context.console.json(SignalResponse(job: job, receipt))
    try context.console.line(
      receipt.taken
        ? "job \(job) took the signal and continues"
        : "job \(job) does not wait for '\(receipt.name)' now; the signal is kept")
  }
}
