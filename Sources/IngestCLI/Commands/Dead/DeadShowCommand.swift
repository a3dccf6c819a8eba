import IngestCore
import IngestStore

/// `ingestd dead show`.
package enum DeadShowCommand: Command {
  package static let id = Parameter(argument: .text("ID"), summary: "A dead letter's id, or a beginning of it.")

  package static let spec = CommandSpec(
    "dead show", "Show a dead letter with its whole chain of errors", group: .work,
    parameters: [id.spec],
    examples: [.init("ingestd dead show 01KAEZ7", "Every attempt, and what lay beneath it.")],
    exits: [.init(3, "no dead letter has this id")])

  package static func run(_ context: CommandContext) async throws {
    try await Installation.with(context) { installation in
      let id = try await DeadSelection.resolve(context[Self.id], installation)
      guard let letter = try await installation.store.dead(JobFilter(ids: [id], limit: 1)).first else {
        throw DeadSelection.notDead(context[Self.id])
      }
      let job = try await installation.store.job(id)
      try context.console.json(Shown(letter: letter, history: job.attempts))
      try JobSheet(job: job, now: context.clock.now).print(context.console)
    }
  }

  /// What `--json` prints: the letter, and its failed attempts, oldest first, the last 50.
  private struct Shown: Encodable {
    var letter: DeadLetter
    var history: [Failure]

    private enum Key: CodingKey { case history, historyTotal }

    func encode(to encoder: any Encoder) throws {
      try letter.encode(to: encoder)
      var values = encoder.container(keyedBy: Key.self)
      try values.encode(Array(history.suffix(50)), forKey: .history)
      try values.encode(history.count, forKey: .historyTotal)
    }
  }
}
