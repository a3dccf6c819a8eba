import IngestCore
import IngestStore

/// `ingestd dead list`.
package enum DeadListCommand: Command {
  package static let spec = CommandSpec(
    "dead list", "List the jobs that used up their attempts or failed for good", group: .work,
    parameters: [
      SharedParameters.onlySource.spec, SharedParameters.onlyIndex.spec, DeadSelection.code.spec,
      SharedParameters.since.spec, SharedParameters.limit.spec,
    ],
    examples: [.init("ingestd dead list --since 1d", "Since yesterday.")])

  package static func run(_ context: CommandContext) async throws {
    try await Installation.with(context) { installation in
      var filter = try await DeadSelection.filter(context, installation)
      filter.limit = context[SharedParameters.limit]
      let letters = try await installation.store.dead(filter)
      for letter in letters { try context.console.json(letter) }
      if letters.isEmpty { return context.console.note("no dead letters") }
      var table = Table([
        .init("ID"), .init("DIED"), .init("STEP", yields: 1), .init("CODE", yields: 2, minimum: 12),
        .init("DOCUMENT", yields: 3, minimum: 12, keepsEnd: true),
      ])
      for letter in letters {
        table.add(
          letter.id, RelativeTime.text(letter.diedAt, now: context.clock.now), letter.step ?? "", letter.error.code,
          letter.uri ?? "\(letter.index), generation \(letter.generation)")
      }
      try context.console.table(table)
    }
  }
}
