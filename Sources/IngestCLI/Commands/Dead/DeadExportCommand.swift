import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd dead export`.
package enum DeadExportCommand: Command {
  package static let output = Parameter(
    option: "--output", "-o", type: .file("FILE"), defaultText: "standard output",
    summary: "Write to this file. It appears once it is complete.")

  package static let spec = CommandSpec(
    "dead export", "Export dead letters with all their stored data, as JSON lines", section: .work,
    details: [
      "Each line has one letter with its input, its workflow and version, every attempt's error, the results of the "
        + "finished steps, and its timeline. Nothing is deleted."
    ],
    parameters: [DeadSelection.ids.spec, DeadSelection.all.spec] + DeadSelection.filters + [output.spec],
    examples: [
      .init("ingestd dead export --all --output dead.jsonl", "All of them, before a purge."),
      .init(
        "ingestd dead export --source handbook | jq .error.code", "One source's letters, piped to another program."),
    ],
    exits: [.init(1, "the file cannot be written"), .init(3, "no dead letter has this id")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      let letters = try await operations.exportDead(DeadSelection.query(context))
      let file = try context[output].map { try NewFile($0) }
      var count = 0
      for try await record in letters {
        let line = try JSONText.encode(DeadRecordResponse(record, limit: nil)) + "\n"
        count += 1
        if let file { try file.write(line) } else { try context.console.raw(line) }
      }
      guard let file else { return }
      try file.finish()
      try context.console.json(DeadExportResponse(exported: count, file: file.path))
      try context.console.line("\(DecimalText.count(count, "dead letter")) written to \(file.path.visible)")
    }
  }
}
