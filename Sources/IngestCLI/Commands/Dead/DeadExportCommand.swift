import IngestApp
import IngestCore
import IngestStore

/// `ingestd dead export`.
package enum DeadExportCommand: Command {
  package static let output = Parameter(
    option: "--output", "-o", type: .file("FILE"), defaultText: "standard output",
    summary: "Write to this file, which is there whole or not at all.")

  package static let spec = CommandSpec(
    "dead export", "Write dead letters as JSON lines, whole", group: .work,
    details: [
      "Each line has the letter, its input, the workflow and its version, every attempt's error, what the finished steps "
        + "had made, and the timeline. Nothing is deleted."
    ],
    parameters: [DeadSelection.ids.spec, DeadSelection.all.spec] + DeadSelection.filters + [output.spec],
    examples: [
      .init("ingestd dead export --all --output dead.jsonl", "All, before a purge."),
      .init("ingestd dead export --source handbook | jq .error.code", "One source's, to another program."),
    ],
    exits: [.init(3, "no dead letter has this id")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withInstallation { installation in
      let filter = try await DeadSelection.selected(context, installation)
      let file = try context[output].map { try NewFile($0) }
      var count = 0
      for letter in try await installation.store.dead(filter) {
        let record: DeadRecord
        do {
          record = try await installation.store.wholeDead(JobID(rawValue: letter.id))
        } catch let failure as Failure where failure.reason == .deadLetterNotFound && filter.ids == nil {
          // Redriven or purged meanwhile.
          continue
        }
        let line = try JSONText.encode(DeadRecordLine(record: record, limit: nil)) + "\n"
        count += 1
        if let file { try file.write(line) } else { try context.console.raw(line) }
      }
      guard let file else { return }
      try file.finish()
      try context.console.json(Exported(exported: count, file: file.path))
      try context.console.line("\(DecimalText.count(count, "dead letter")) written to \(file.path.visible)")
    }
  }

  /// What `--json` prints beside a file.
  private struct Exported: Encodable {
    var exported: Int
    var file: String
  }
}
