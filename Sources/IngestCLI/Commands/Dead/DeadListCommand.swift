import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd dead list`.
package enum DeadListCommand: Command {
  package static let spec = CommandSpec(
    "dead list", "List the jobs and chunks that failed for good, newest first", section: .work,
    details: ["A dead letter is a job, or a chunk that was lost while the rest of its document was kept."],
    parameters: DeadSelection.filters + [SharedParameters.limit.spec],
    examples: [
      .init("ingestd dead list --since 1d", "Since yesterday."),
      .init("ingestd dead list --quarantined", "Documents on which processes died."),
    ])

  package static func run(_ context: CommandContext) async throws {
    let letters = try await context.withOperations {
      try await $0.deadLetters(DeadSelection.filter(context), limit: context[SharedParameters.limit])
    }
    for letter in letters { try context.console.json(DeadLetterResponse(letter)) }
    if letters.isEmpty { return context.console.note("no dead letters") }
    let hasChunks = letters.contains { $0.kind == .chunk }
    var table = Table(
      [.init("ID")] + (hasChunks ? [.init("KIND")] : [])
        + [
          .init("DIED"), .init("STEP", yields: 1), .init("CODE", yields: 2, minimum: 12),
          .init("DOCUMENT", yields: 3, minimum: 12, keepsEnd: true),
        ])
    for letter in letters {
      table.add(
        [Table.Cell(letter.id)] + (hasChunks ? [Table.Cell(letter.kind.rawValue)] : [])
          + [
            Table.Cell(RelativeTime.text(letter.diedAt, now: context.clock.now)), Table.Cell(letter.step ?? ""),
            Table.Cell(letter.error.code),
            Table.Cell(letter.uri ?? letter.place ?? ""),
          ])
    }
    try context.console.table(table)
  }
}
